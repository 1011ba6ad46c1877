// The entry point: finds the signed-in user, and routes addresses to pages.

import * as api from "./api.js";
import { navigate } from "./address.js";
import { button, capitalize, find, focusHeading, make, title } from "./elements.js";
import { help, listen } from "./keyboard.js";
import { load, withModule } from "./notices.js";
import * as numbers from "./numbers.js";
import { endSession, followOtherTabs, mayWrite, session, setSessionHandlers, startSession, user } from "./session.js";
import { closeSignInDialog, openSignInDialog, showPage } from "./sign-in.js";
import { afterUndo } from "./undo.js";

/** @type {Route[]} */
const pages = [
  { path: /^\/$/, title: "Numbers", load: () => numbers },
  { path: /^\/numbers\/([0-9]+)$/, title: "Number", section: "/", load: () => load("number") },
  { path: /^\/changes$/, title: "Changes", load: () => load("changes") },
  { path: /^\/changes\/([0-9]+)$/, title: "Change", section: "/changes", load: () => load("changes") },
  { path: /^\/import$/, title: "Import", load: () => load("importing"), isWrite: true },
  { path: /^\/people$/, title: "Users", load: () => load("users"), isWrite: true },
  { path: /^\/docs$/, title: "API documentation", load: () => load("docs"), isPublic: true },
];
const pageOf = (address) => pages.find(({ path }) => path.test(address));
const main = find("main");
const retryMilliseconds = 5000;
const retries = "Trying again every five seconds.";
let shown = null;

/** Shows the address's page; aborts requests of the previous one. */
async function route({ isFirst = false, isBack = false } = {}) {
  const path = location.pathname;
  if (shown?.path === path && shown.page?.revisit) return shown.page.revisit({ isBack });
  shown?.controller.abort();
  const controller = new AbortController();
  const opened = (shown = { path, controller, page: null });
  afterUndo(() => {});
  const found = pageOf(path);
  for (const link of document.querySelectorAll("#top a:not(#brand)")) {
    link.ariaCurrent = link.pathname === path ? "page" : link.pathname === found?.section ? "true" : null;
  }
  // The server makes the page of a problem.
  if (!found) return isFirst || location.reload();
  document.title = `${found.title} – Telecom Carrier`;
  try {
    if (found.isWrite && !mayWrite()) throw new Error("Only supervisors can do this.");
    const page = await found.load();
    if (shown !== opened) return;
    main.replaceChildren();
    opened.page = page.open(main, { signal: controller.signal, id: found.path.exec(path)[1], isBack });
  } catch (error) {
    if (shown !== opened) return;
    const isExpected = error.constructor === Error;
    main.replaceChildren(
      title(found.title),
      make("p", { role: "alert" }, isExpected ? error.message : `This page cannot be loaded now. ${retries}`),
      isExpected ? "" : button("Load the page again", { onclick: () => location.reload() }),
    );
    if (!isExpected) reopen(found, opened);
  }
  if (!isFirst) focusHeading();
}

/** Opens a page as soon as its module can be loaded. */
function reopen(page, opened) {
  setTimeout(async () => {
    if (shown !== opened) return;
    try {
      await page.load();
      if (shown === opened) route({ isFirst: !main.contains(document.activeElement) });
    } catch {
      reopen(page, opened);
    }
  }, retryMilliseconds);
}

/** Follows links within the console without a reload. */
function followLinks() {
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[href]");
    if (link?.id === "skip") {
      event.preventDefault();
      return focusHeading();
    }
    if (
      !link || !user() || link.hash || event.defaultPrevented || event.button !== 0 || event.ctrlKey || event.metaKey ||
      event.shiftKey ||
      event.altKey
    ) return;
    if (
      link.target || link.hasAttribute("download") || link.origin !== location.origin ||
      !pageOf(link.pathname)
    ) return;
    event.preventDefault();
    navigate(link.pathname + link.search);
  });
  // Unlike the browser's event, that of `navigate` is not trusted.
  addEventListener("popstate", ({ isTrusted }) => {
    if (user()) route({ isBack: isTrusted });
  });
}

function showUser() {
  const { username, role } = user();
  find("who").replaceChildren(make("span.name", username), " ", make("span.role", capitalize(role)));
  for (const node of document.querySelectorAll(".signed-in")) node.hidden = false;
  for (const node of document.querySelectorAll(".supervisor")) node.hidden = !mayWrite();
  for (const node of document.querySelectorAll(".token")) node.hidden = !session().token;
}

async function signOut() {
  try {
    await api.signOut();
  } catch { /* The session has ended already, or expires. */ }
  endSession();
}

/** Shows the address's page after a sign-in. */
function showSignedIn(options) {
  showUser();
  if (!shown) route(options);
}

async function start() {
  setSessionHandlers({ onEnded: () => openSignInDialog(user().username), onRenewed: closeSignInDialog });
  followOtherTabs(async (token) => (await api.readSession(token)).body.user);
  // Close the menu first, so that a dialog returns the focus to the menu's button.
  const menu = find("account");
  menu.addEventListener("click", () => menu.hidePopover(), true);
  find("sign-out").addEventListener("click", signOut);
  find("own-password").addEventListener(
    "click",
    () => withModule("password", ({ changeOwnPassword }) => changeOwnPassword()),
  );
  find("show-keys").addEventListener("click", help);
  listen(() => shown?.page?.keys ?? {});
  followLinks();
  const page = pageOf(location.pathname);
  if (!page || page.isPublic) route({ isFirst: true });
  await restoreSession();
}

/** Finds the user; retries if the server cannot be reached. */
async function restoreSession() {
  const { token } = session();
  if (token && location.pathname === "/") numbers.prefetch();
  try {
    startSession(token, (await api.readSession(token)).body.user);
    showSignedIn({ isFirst: true });
  } catch (error) {
    if (shown) return;
    if (error.status === 401) {
      document.title = "Sign in – Telecom Carrier";
      showPage(main, { reason: token ? "Your session has ended." : null, onDone: () => showSignedIn() });
    } else {
      const retry = () => {
        clearTimeout(timer);
        restoreSession();
      };
      const timer = setTimeout(retry, retryMilliseconds);
      main.replaceChildren(
        make(
          "div#unreachable",
          make("h1", { tabindex: "-1" }, "The console cannot be loaded"),
          make("p", { role: "alert" }, `${error.message} ${retries}`),
          button("Try now", { onclick: retry }),
        ),
      );
    }
  }
}

start();
