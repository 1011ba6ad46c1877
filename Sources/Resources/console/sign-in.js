// Signing in: a page at first, and a dialog on top of the page if a session has ended.

import * as api from "./api.js";
import { whileBusy } from "./dialog.js";
import { alertLine, button, labelled, make } from "./elements.js";
import { begin, forget } from "./session.js";

/** @param name is the user's name, if known. */
function buildForm({ title, reason, name = "", more = null, level = "h1", onDone }) {
  const username = make("input#username", { name: "username", autocomplete: "username", autocapitalize: "none", required: true, value: name });
  const password = make("input#password", { name: "password", type: "password", autocomplete: "current-password", required: true });
  const fault = alertLine();
  const submit = make("button.primary", "Sign in");
  const form = make("form#sign-in", { method: "dialog" },
    make(level, { id: "sign-in-title", tabindex: "-1" }, title), reason && make("p.hint", reason),
    labelled("User name", username), labelled("Password", password),
    fault, make("menu", more, submit));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    whileBusy([submit], async () => {
      fault.textContent = "";
      try {
        const { body } = await api.signIn(username.value, password.value);
        begin(body.token, body.user);
        onDone?.();
      } catch (error) {
        fault.textContent = error.message;
        password.select();
      }
    });
  });
  return { form, focus: () => (name ? password : username).focus() };
}

/** The sign-in page. @param onDone is called after a sign-in. */
export function showPage(place, { reason, onDone }) {
  const { form, focus } = buildForm({ title: "Sign in", reason, onDone });
  place.replaceChildren(make("div#sign-in-page.panel", form));
  focus();
}

let dialog = null;

/** A dialog that cannot be dismissed: without a session, the page cannot continue. */
export function askAgain(name) {
  if (dialog) return;
  const leave = button("Sign out", { onclick: forget });
  const { form, focus } = buildForm({ title: "Sign in again", level: "h2", name, more: leave, reason: "Your session has ended. Sign in to go on where you were." });
  const own = (dialog = make("dialog#sign-in-dialog", { "aria-labelledby": "sign-in-title", closedby: "none" }, form));
  const had = document.activeElement;
  // Browsers close a dialog on a second Escape; so it opens again.
  own.addEventListener("keydown", (event) => { if (event.key === "Escape") event.preventDefault(); });
  own.addEventListener("cancel", (event) => event.preventDefault());
  own.addEventListener("close", () => { if (dialog === own) own.showModal(); });
  own.giveBack = () => { if (had?.isConnected) had.focus(); };
  document.body.append(own);
  own.showModal();
  focus();
}

export function stopAsking() {
  const own = dialog;
  dialog = null;
  own?.close();
  own?.remove();
  own?.giveBack();
}
