// Everybody changes their own password.

import * as api from "./api.js";
import { field, open, tellFault, whileBusy } from "./dialog.js";
import { alertLine, make } from "./elements.js";
import { tell } from "./notices.js";
import { user } from "./session.js";

/** What is wrong with a password, beside its field. @returns whether a field was found for each fault. */
export function tellPasswordFaults(form, error) {
  let isTold = false;
  for (const { pointer, detail } of error.problem?.errors ?? []) {
    const input = form.elements[pointer.slice(1)];
    if (!input) continue;
    tellFault(input, `It ${detail}.`);
    if (!isTold) input.focus();
    isTold = true;
  }
  return isTold;
}

export function changeOwnPassword() {
  const submit = make("button.primary", "Change password");
  const problem = alertLine();
  const { form, close, signal } = open({ id: "password-change", title: "Change your password", actions: [submit], onSubmit: () => whileBusy([submit], save),
    content: [make("input.hidden", { autocomplete: "username", value: user().username, tabindex: "-1", "aria-hidden": "true", readonly: true }),
      field({ label: "Current password", id: "current-password", name: "currentPassword", type: "password", autocomplete: "current-password" }),
      field({ label: "New password", id: "new-password", name: "newPassword", type: "password", autocomplete: "new-password", hint: "At least 8 characters." }),
      problem] });
  form.elements.currentPassword.focus();

  async function save() {
    problem.textContent = "";
    const { currentPassword, newPassword } = form.elements;
    for (const input of [currentPassword, newPassword]) tellFault(input, "");
    try {
      await api.changePassword({ currentPassword: currentPassword.value, newPassword: newPassword.value }, { signal });
      close();
      tell("Your password is changed.");
    } catch (error) {
      if (!api.isDropped(error) && !signal.aborted && !tellPasswordFaults(form, error)) problem.textContent = error.message;
    }
  }
}
