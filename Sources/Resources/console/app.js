// The entry point: finds the signed-in user, and routes addresses to pages.

import * as api from "./api.js";
import { visit } from "./address.js";
import { button, capital, find, focusHeading, make, title } from "./elements.js";
import { help, listen } from "./keyboard.js";
import { using } from "./notices.js";
import * as numbers from "./numbers.js";
import { begin, follow, forget, mayWrite, prepare, session, user } from "./session.js";
import { askAgain, showPage, stopAsking } from "./sign-in.js";
import { afterUndo } from "./undo.js";

const pages = [
  { path: /^\/$/, title: "Numbers", load: () => numbers },
  { path: /^\/numbers\/([0-9]+)$/, title: "Number", load: () => import("./number.js") },
  { path: /^\/changes$/, title: "Changes", load: () => import("./changes.js") },
  { path: /^\/changes\/([0-9]+)$/, title: "Change", load: () => import("./changes.js") },
  { path: /^\/import$/, title: "Import", load: () => import("./importing.js"), isWrite: true },
  { path: /^\/people$/, title: "People", load: () => import("./people.js"), isWrite: true },
];
const place = find("main");
let shown = null;

/** Shows the address's page; aborts requests of the previous one. */
async function route({ isFirst = false } = {}) {
  const path = location.pathname;
  if (shown?.path === path && shown.page?.revisit) return shown.page.revisit();
  shown?.controller.abort();
  const controller = new AbortController();
  const own = (shown = { path, controller, page: null });
  afterUndo(() => {});
  for (const link of document.querySelectorAll("#places a")) {
    link.ariaCurrent = link.pathname === path ? "page" : null;
  }
  const found = pages.find((page) => page.path.test(path));
  document.title = `${found?.title ?? "Nothing here"} – Telecom Carrier`;
  try {
    if (!found) throw new Error("There is nothing at this address.");
    if (found.isWrite && !mayWrite()) throw new Error("Only a supervisor may do this.");
    const page = await found.load();
    if (shown !== own) return;
    place.replaceChildren();
    own.page = page.open(place, { signal: controller.signal, id: found.path.exec(path)[1] });
  } catch (error) {
    if (shown !== own) return;
    const isOurs = error.constructor === Error;
    place.replaceChildren(title(found?.title ?? "Nothing here"),
      make("p", { role: "alert" }, isOurs ? error.message : "This page cannot be loaded."),
      isOurs ? make("a", { href: "/" }, "All numbers") : button("Try again", { onclick: () => location.reload() }));
  }
  if (!isFirst) focusHeading();
}

/** Follows links within the console without a reload. */
function followLinks() {
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[href]");
    if (!link || event.defaultPrevented || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    if (link.target || link.hasAttribute("download") || link.origin !== location.origin || !pages.some(({ path }) => path.test(link.pathname))) return;
    event.preventDefault();
    visit(link.pathname + link.search);
  });
  addEventListener("popstate", () => { if (user()) route(); });
}

function paintWho() {
  const { username, role } = user();
  find("who").replaceChildren(make("span.name", username), " ", make("span.role", capital(role)));
  for (const node of document.querySelectorAll(".signed-in")) node.hidden = false;
  for (const node of document.querySelectorAll(".supervisor")) node.hidden = !mayWrite();
  for (const node of document.querySelectorAll(".token")) node.hidden = !session().token;
}

async function signOut() {
  try { await api.signOut(); } catch { /* It had ended already, or ends by itself. */ }
  forget();
}

/** Shows the address's page after a sign-in. */
function enter(options) {
  paintWho();
  route(options);
}

async function start() {
  prepare({ onEnded: () => askAgain(user().username), renewed: stopAsking });
  follow(async (token) => (await api.whoAmI(token)).body.user);
  find("sign-out").addEventListener("click", signOut);
  find("own-password").addEventListener("click", () => using(() => import("./password.js"), ({ changeOwnPassword }) => changeOwnPassword()));
  find("show-keys").addEventListener("click", help);
  listen(() => shown?.page?.keys ?? {});
  followLinks();
  await recognise();
}

/** Finds the user; retries if the server is away. */
async function recognise() {
  const { token } = session();
  if (token && location.pathname === "/") numbers.askAhead();
  try {
    begin(token, (await api.whoAmI(token)).body.user);
    enter({ isFirst: true });
  } catch (error) {
    if (error.status === 401) {
      document.title = "Sign in – Telecom Carrier";
      showPage(place, { reason: token ? "Your session has ended." : null, onDone: () => enter() });
    } else {
      const again = button("Try now", { onclick: () => retry() });
      place.replaceChildren(make("div#unreachable", make("h1", { tabindex: "-1" }, "The console cannot be shown"),
        make("p", { role: "alert" }, `${error.message} It is tried again every five seconds.`), again));
      const timer = setTimeout(retry, 5000);
      function retry() {
        clearTimeout(timer);
        recognise();
      }
    }
  }
}

start();
