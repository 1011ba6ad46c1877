// Notices at the foot of the screen, shown long enough to be read.

import { find, icon, keepingFocus, make } from "./elements.js";

const noticeMilliseconds = 20000;
const most = 3;
/** The action of each notice that has one. */
const actions = new Map();

/** @param action `{ label, run, isUndo }`, @param link `{ label, href }`. */
export function tell(text, { action, link, isFault = false } = {}) {
  const notice = make("li", { class: isFault ? "notice bad" : "notice" },
    make("p", text),
    link && make("a", { href: link.href }, link.label),
    action && make("button", { type: "button", onclick: () => act(notice) }, action.label),
    make("button.quiet", { type: "button", "aria-label": "Dismiss", onclick: () => dismiss(notice) }, icon("close")));
  if (action) actions.set(notice, action);
  const all = find("notices");
  all.append(notice);
  while (all.childElementCount > most) dismiss(all.firstElementChild);
  // A notice behind a dialog cannot be reached: the dialog shows an error, too, and the notice stays.
  const dialog = [...document.querySelectorAll("dialog[open] .told")].at(-1);
  if (isFault && dialog) dialog.textContent = text;
  let rest = null;
  const wait = () => { rest = setTimeout(() => (document.querySelector("dialog[open]") ? wait() : dismiss(notice)), noticeMilliseconds); };
  const stay = () => clearTimeout(rest);
  for (const name of ["pointerenter", "focusin"]) notice.addEventListener(name, stay);
  for (const name of ["pointerleave", "focusout"]) notice.addEventListener(name, () => { stay(); wait(); });
  wait();
  return { dismiss: () => dismiss(notice) };
}

function dismiss(notice) {
  actions.delete(notice);
  keepingFocus(() => notice.remove());
}

function act(notice) {
  const action = actions.get(notice);
  dismiss(notice);
  action?.run();
}

/** Runs the newest undo among the notices. @returns whether there was one. */
export function undoNewest() {
  const newest = [...actions].findLast(([, { isUndo }]) => isUndo)?.[0];
  if (newest) act(newest);
  return Boolean(newest);
}

/** The function of the last press: a double click opens one dialog. */
let wanted = null;

/** Loads a module that is rarely needed, and uses it. */
export async function using(load, use) {
  let module;
  wanted = use;
  try { module = await load(); } catch { return tell("This part of the console cannot be loaded now.", { isFault: true, action: { label: "Load the page again", run: () => location.reload() } }); }
  if (wanted === use) use(module);
}
