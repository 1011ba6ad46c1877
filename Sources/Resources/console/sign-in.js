// Signing in: a page at first, and a dialog on top of the page if a session has ended.

import * as api from "./api.js";
import { whileBusy } from "./dialog.js";
import { alertLine, button, labelled, make } from "./elements.js";
import { endSession, startSession } from "./session.js";

/**
 * @param {{ title: string, reason: string, name?: string, more?: Child, level?: string, onDone?: () => void }} options
 *   `name` is the user's name, if known.
 */
function buildForm({ title, reason, name = "", more = null, level = "h1", onDone }) {
  const username = make("input#username", {
    name: "username",
    autocomplete: "username",
    autocapitalize: "none",
    required: true,
    value: name,
  });
  const password = make("input#password", {
    name: "password",
    type: "password",
    autocomplete: "current-password",
    required: true,
  });
  const problem = alertLine();
  const submit = make("button.primary", "Sign in");
  const form = make(
    "form#sign-in",
    { method: "dialog" },
    make(level, { id: "sign-in-title", tabindex: "-1" }, title),
    reason && make("p.hint", reason),
    labelled("User name", username),
    labelled("Password", password),
    problem,
    make("menu", more, submit),
  );
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    whileBusy([submit], async () => {
      problem.textContent = "";
      try {
        const { body } = await api.signIn(username.value, password.value);
        startSession(body.token, body.user);
        onDone?.();
      } catch (error) {
        problem.textContent = error.message;
        password.select();
      }
    });
  });
  return { form, focus: () => (name ? password : username).focus() };
}

/** The sign-in page. @param onDone is called after a sign-in. */
export function showPage(container, { reason, onDone }) {
  const { form, focus } = buildForm({ title: "Sign in", reason, onDone });
  container.replaceChildren(make("div#sign-in-page.panel", form));
  focus();
}

let dialog = null;

/** A dialog that cannot be dismissed: without a session, the page cannot continue. */
export function openSignInDialog(name) {
  if (dialog) return;
  const leave = button("Sign out", { onclick: endSession });
  const { form, focus } = buildForm({
    title: "Sign in again",
    level: "h2",
    name,
    more: leave,
    reason: "Your session has ended. Sign in to continue.",
  });
  /** @type {HTMLDialogElement & { restoreFocus?: () => void }} */
  const opened =
    (dialog = make("dialog#sign-in-dialog", { "aria-labelledby": "sign-in-title", closedby: "none" }, form));
  const focused = document.activeElement;
  // Browsers close a dialog on a second Escape, so open it again.
  opened.addEventListener("keydown", (event) => {
    if (event.key === "Escape") event.preventDefault();
  });
  opened.addEventListener("cancel", (event) => event.preventDefault());
  opened.addEventListener("close", () => {
    if (dialog === opened) opened.showModal();
  });
  opened.restoreFocus = () => {
    if (focused?.isConnected) focused.focus();
  };
  document.body.append(opened);
  opened.showModal();
  focus();
}

export function closeSignInDialog() {
  const opened = dialog;
  dialog = null;
  opened?.close();
  opened?.remove();
  opened?.restoreFocus();
}
