// Dialogs. Each opening creates an element; closing it aborts its requests.

import { alertLine, button, focusHeading, icon, labelled, make, replacementOf } from "./elements.js";
import { labelOf } from "./members.js";
import { notify } from "./notices.js";

/** Functions that return whether leaving the page would lose input. */
const dirty = new Set();
addEventListener("beforeunload", (event) => {
  if ([...dirty].some((isDirty) => isDirty())) event.preventDefault();
});
addEventListener("leave", () => dirty.clear());

/** Makes the browser ask before it leaves the page while `isDirty`. @returns a function that stops this. */
export function warnBeforeLeaving(isDirty) {
  dirty.add(isDirty);
  return () => dirty.delete(isDirty);
}

/**
 * @param isDirty returns whether closing loses input; `onLost` is called if it does.
 * @returns the dialog's form, a `signal` that aborts when it closes, and `close`.
 */
export function open(
  { id, title, wide = false, content, actions = [], isDirty = () => false, onLost = () => {}, onSubmit = () => {} },
) {
  const controller = new AbortController();
  const opener = document.activeElement;
  let isClosedByCaller = false;
  const form = make(
    "form",
    { id, method: "dialog", novalidate: true },
    make(
      "header",
      make("h2", { id: `${id}-title` }, title),
      make("button.quiet", { type: "button", "aria-label": "Close", onclick: () => dialog.close() }, icon("close")),
    ),
    make("div.content", content),
    make("p.error.notice-text", { role: "status" }),
    make("menu.actions", button("Cancel", { class: "cancel", onclick: () => dialog.close() }), actions),
  );
  const dialog = make(wide ? "dialog.wide" : "dialog", { id: `${id}-dialog`, "aria-labelledby": `${id}-title` }, form);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    form.querySelector(".notice-text").textContent = "";
    onSubmit();
  });
  dialog.addEventListener("close", () => {
    controller.abort();
    release();
    if (!isClosedByCaller && isDirty()) onLost();
    dialog.remove();
    // If a list was rendered again, focus the button that replaced the opener.
    const back = opener?.isConnected ? opener : replacementOf(opener);
    if (back && back !== document.body && !back.closest("[hidden]")) back.focus();
    else focusHeading();
  }, { once: true });
  const release = warnBeforeLeaving(isDirty);
  document.body.append(dialog);
  dialog.showModal();
  return {
    form,
    signal: controller.signal,
    /** Closes without calling `onLost`. */
    close() {
      isClosedByCaller = true;
      dialog.close();
    },
  };
}

/** Disables the buttons during `work`, without losing the focus. */
export async function whileBusy(buttons, work) {
  if (buttons.some((each) => each.ariaDisabled)) return;
  for (const each of buttons) each.ariaDisabled = "true";
  try {
    await work();
  } finally {
    for (const each of buttons) each.ariaDisabled = null;
  }
}

/**
 * A field: a label, an input and its error.
 * @param {Attributes & { label: string, id: string, hint?: string }} attributes
 */
export function field({ label, id, hint, ...attributes }) {
  const input = make("input", {
    id,
    autocomplete: "off",
    "aria-describedby": hint ? `${id}-hint ${id}-error` : `${id}-error`,
    ...attributes,
  });
  return labelled(label, input, hint && make("p.hint", { id: `${id}-hint` }, hint), fieldError(id));
}

/** The message after a write without a response; the button `verb` retries it with the same key or tag. */
export const unknownOutcome = (verb) =>
  make(
    "p",
    "This may have been done: ",
    make("a", { href: "/changes", target: "_blank" }, "see Changes (in a new tab)"),
    `. You can press ${verb} again: it will not be done twice.`,
  );

/** A hidden field with the user name, so that the browser saves the password under that name. */
export const userNameField = (name) =>
  make("input.hidden", {
    autocomplete: "username",
    value: name,
    tabindex: "-1",
    "aria-hidden": "true",
    readonly: true,
  });

export const fieldError = (id) => make("p.error", { id: `${id}-error` });

export function showFieldError(input, text) {
  input.ariaInvalid = text ? "true" : null;
  const message = input.form.querySelector(`[id="${input.id}-error"]`);
  if (message) message.textContent = text ?? "";
}

/**
 * Shows the API's errors beside their fields, and focuses the first.
 * @param {any[]} errors
 * @param {(error: any) => Element} inputOf finds the field of an error.
 * @param {(input: any) => string} [subject] finds the subject of its message.
 * @returns the errors without a field, each as a line.
 */
export function showFieldErrors(errors, inputOf, subject = () => "It") {
  const inputs = errors.map(inputOf);
  errors.forEach(({ detail }, index) => {
    if (inputs[index]) showFieldError(inputs[index], `${subject(inputs[index])} ${detail}.`);
  });
  inputs.find(Boolean)?.focus();
  return errors.filter((_, index) => !inputs[index]).map(({ pointer, detail }) => {
    const [member, changed] = pointer.slice(1).split("/");
    return make("p", `${labelOf(changed ?? member)} ${detail}.`);
  });
}

/** A dialog that calls `send(fields, signal)`, shows the message of `done(fields)`, and calls `after`. */
export function openForm({ id, title, verb, danger = false, content, send, done, after = () => {} }) {
  const submit = make("button", { class: danger ? "danger" : "primary" }, verb);
  const problem = alertLine();
  const { form, close, signal } = open({
    id,
    title,
    actions: [submit],
    content: [content, problem],
    onSubmit: () =>
      whileBusy([submit], async () => {
        problem.textContent = "";
        for (const input of form.querySelectorAll("input")) showFieldError(input, "");
        try {
          await send(form.elements, signal);
          close();
          notify(done(form.elements));
          after();
        } catch (error) {
          const errors = error.problem?.errors ?? [];
          if (signal.aborted) return;
          // Errors without an input are shown below all inputs.
          const inputOf = ({ pointer }) => [form.elements[pointer.slice(1)]].find((field) => field?.matches("input"));
          if (errors.length === 0 || showFieldErrors(errors, inputOf).length > 0) problem.textContent = error.message;
        }
      }),
  });
  (form.querySelector(".content :is(input:not(.hidden), select)") ?? form.querySelector(".cancel")).focus();
}
