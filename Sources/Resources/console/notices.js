// Notices at the foot of the screen, shown long enough to be read.

import { find, icon, keepingFocus, make } from "./elements.js";

const noticeMilliseconds = 20000;
const maxNotices = 3;
const maxErrors = 10;
/** The action of each notice that has one. */
const actions = new Map();

/** @type {(text: string, options?: NoticeOptions) => { dismiss: () => void }} */
export function notify(text, { action, link, topic, isError = false } = {}) {
  const notice = make(
    "li",
    { class: isError ? "notice bad" : "notice", "data-topic": topic },
    make("p", text),
    link && make("a", { href: link.href }, link.label),
    action && make("button", { type: "button", onclick: () => runAction(notice) }, action.label),
    make("button.quiet", { type: "button", "aria-label": "Dismiss", onclick: () => dismiss(notice) }, icon("close")),
  );
  if (action) actions.set(notice, action);
  const all = find("notices");
  all.append(notice);
  const [kind, most] = topic
    ? [`[data-topic=${topic}]`, 1]
    : isError
    ? ["li.bad", maxErrors]
    : ["li:not(.bad)", maxNotices];
  const shown = all.querySelectorAll(kind);
  const [old, next] = shown;
  if (shown.length > most) {
    // The next error keeps the text of one that makes room.
    if (isError && !topic) next.querySelector("p").prepend(`${old.querySelector("p").textContent} `);
    dismiss(old);
  }
  // An open dialog covers notices, so it also shows the error, and the notice stays.
  const dialog = [...document.querySelectorAll("dialog[open] .notice-text")].at(-1);
  if (isError && dialog) dialog.textContent = text;
  let timer = null;
  const wait = () => {
    timer = setTimeout(() => (document.querySelector("dialog[open]") ? wait() : dismiss(notice)), noticeMilliseconds);
  };
  const stay = () => clearTimeout(timer);
  for (const name of ["pointerenter", "focusin"]) notice.addEventListener(name, stay);
  for (const name of ["pointerleave", "focusout"]) {
    notice.addEventListener(name, () => {
      stay();
      wait();
    });
  }
  wait();
  return { dismiss: () => dismiss(notice) };
}

function dismiss(notice) {
  actions.delete(notice);
  keepingFocus(() => notice.remove());
}

function runAction(notice) {
  const action = actions.get(notice);
  dismiss(notice);
  action?.run();
}

/** How often each module could not be loaded. @type {Record<string, number>} */
const failures = {};

/**
 * Loads a module. Firefox remembers an address that could not be loaded, so the next attempt has another one.
 * @type {<Name extends keyof Modules>(name: Name) => Promise<Modules[Name]>}
 */
export async function load(name) {
  try {
    return await import(`./${name}.js${failures[name] ? `?${failures[name]}` : ""}`);
  } catch (error) {
    failures[name] = (failures[name] ?? 0) + 1;
    throw error;
  }
}

/** The latest `use`: after a double click, only the second opens a dialog. */
let lastUse = null;

/**
 * Loads a module that is rarely needed, and uses it.
 * @template {keyof Modules} Name
 * @param {Name} name
 * @param {(module: Modules[Name]) => void} use
 */
export async function withModule(name, use, isRetry = false) {
  let module;
  lastUse = use;
  try {
    module = await load(name);
  } catch {
    return notify("This part of the console cannot be loaded now.", {
      isError: true,
      action: isRetry
        ? { label: "Load the page again", run: () => location.reload() }
        : { label: "Try again", run: () => withModule(name, use, true) },
    });
  }
  if (lastUse === use) use(module);
}
