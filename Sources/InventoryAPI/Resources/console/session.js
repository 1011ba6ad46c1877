// Signing in, also in the middle of something, and signing out.

import * as api from "./api.js";
import { find, open, show } from "./elements.js";

const dialog = find("sign-in-dialog");
const form = find("sign-in");
let signedIn = null;

/** Asks for name and password until they are right. */
export function ask(reason) {
  if (signedIn) return signedIn.promise;
  signedIn = Promise.withResolvers?.() ?? withResolvers();
  show(find("sign-in-reason"), reason);
  show(form.querySelector(".fault"), "");
  form.elements.password.value = "";
  open(dialog);
  form.elements[form.elements.username.value ? "password" : "username"].focus();
  return signedIn.promise;
}

function withResolvers() {
  const made = {};
  made.promise = new Promise((resolve, reject) => Object.assign(made, { resolve, reject }));
  return made;
}

export function prepare(onUser) {
  // Escape does not close the dialog: without a session there is nothing behind it to see.
  dialog.addEventListener("cancel", (event) => event.preventDefault());
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const button = form.querySelector("button");
    const fault = form.querySelector(".fault");
    show(fault, "");
    button.disabled = true;
    try {
      const { body } = await api.signIn(form.elements.username.value, form.elements.password.value);
      api.token.set(body.token);
      onUser(body.user);
      dialog.close();
      const { resolve } = signedIn;
      signedIn = null;
      resolve(body.user);
    } catch (error) {
      show(fault, error.message);
      form.elements.password.select();
    } finally {
      button.disabled = false;
    }
  });
  find("sign-out").addEventListener("click", async () => {
    try { await api.signOut(); } catch { /* It had ended already. */ }
    api.token.clear();
    location.assign("/");
  });
  api.onSessionEnd(() => {
    api.token.clear();
    return ask("Your session has ended. Sign in to go on where you were.");
  });
}
