// Dialogs. Each opening creates an element; closing it aborts its requests.

import { alertLine, button, focusHeading, icon, labelled, make, successor } from "./elements.js";
import { tell } from "./notices.js";

/** Functions that return whether leaving the page would lose input. */
const dirty = new Set();
addEventListener("beforeunload", (event) => { if ([...dirty].some((isDirty) => isDirty())) event.preventDefault(); });
addEventListener("leave", () => dirty.clear());

/** Confirms leaving the page while `isDirty`. @returns a function that ends this. */
export function guard(isDirty) {
  dirty.add(isDirty);
  return () => dirty.delete(isDirty);
}

/**
 * @param isDirty returns whether closing loses input; `onLost` is called if it does.
 * @returns the dialog's form, a `signal` that aborts with it, and `close(focus)`; `focus` moves the focus instead of restoring it.
 */
export function open({ id, title, wide = false, content, actions = [], isDirty = () => false, onLost = () => {}, onSubmit = () => {} }) {
  const controller = new AbortController();
  const opener = document.activeElement;
  let focus = null;
  let isDone = false;
  const heading = make("h2", { id: `${id}-title` }, title);
  const form = make("form", { id, method: "dialog", novalidate: true },
    make("header", heading, make("button.quiet", { type: "button", "aria-label": "Close", onclick: () => dialog.close() }, icon("close"))),
    make("div.content", content), make("p.fault.told", { role: "status" }),
    make("menu.actions", button("Cancel", { class: "cancel", onclick: () => dialog.close() }), actions));
  const dialog = make(wide ? "dialog.wide" : "dialog", { id: `${id}-dialog`, "aria-labelledby": `${id}-title` }, form);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    form.querySelector(".told").textContent = "";
    onSubmit();
  });
  dialog.addEventListener("close", () => {
    controller.abort();
    release();
    if (!isDone && isDirty()) onLost();
    dialog.remove();
    // A list may have been redrawn meanwhile.
    const back = opener?.isConnected ? opener : successor(opener);
    if (focus) focus();
    else if (back && back !== document.body && !back.closest("[hidden]")) back.focus();
    else focusHeading();
  }, { once: true });
  const release = guard(isDirty);
  document.body.append(dialog);
  dialog.showModal();
  return {
    form, heading, signal: controller.signal,
    /** Closes without calling `onLost`. */
    close(then = null) {
      isDone = true;
      focus = then;
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

/** A field: a label, an input and its error. */
export function field({ label, id, hint, ...attributes }) {
  const input = make("input", { id, autocomplete: "off", "aria-describedby": hint ? `${id}-hint ${id}-fault` : `${id}-fault`, ...attributes });
  return labelled(label, input, hint && make("p.hint", { id: `${id}-hint` }, hint), faultOf(id));
}

/** The message about a write whose response is lost; the button `verb` retries it with the same key or tag. */
export const unsure = (verb) => make("p", "This may have been done: ", make("a", { href: "/changes", target: "_blank" }, "see Changes (in a new tab)"), `. To press ${verb} again is safe: it is not done twice.`);

/** A hidden field with the user name, so that the browser saves the password under it. */
export const nameForBrowser = (name) => make("input.hidden", { autocomplete: "username", value: name, tabindex: "-1", "aria-hidden": "true", readonly: true });

export const faultOf = (id) => make("p.fault", { id: `${id}-fault` });

export function tellFault(input, text) {
  input.ariaInvalid = text ? "true" : null;
  const fault = input.form.querySelector(`[id="${input.id}-fault"]`);
  if (fault) fault.textContent = text ?? "";
}

/**
 * Shows the API's errors beside their fields, and focuses the first.
 * @param inputOf finds the field of an error, `subject` the subject of its message.
 * @returns the errors without a field, each as a line.
 */
export function tellFaults(faults, inputOf, subject = () => "It") {
  const inputs = faults.map(inputOf);
  faults.forEach(({ detail }, index) => { if (inputs[index]) tellFault(inputs[index], `${subject(inputs[index])} ${detail}.`); });
  inputs.find(Boolean)?.focus();
  return faults.filter((_, index) => !inputs[index]).map(({ pointer, detail }) => make("p", `${pointer.slice(1)} ${detail}.`));
}

/** A dialog that calls `send(fields, signal)`, shows the message of `done(fields)`, and calls `after`. */
export function ask({ id, title, verb, danger = false, content, send, done, after = () => {} }) {
  const submit = make("button", { class: danger ? "danger" : "primary" }, verb);
  const problem = alertLine();
  const { form, close, signal } = open({ id, title, actions: [submit], content: [content, problem], onSubmit: () => whileBusy([submit], async () => {
    problem.textContent = "";
    for (const input of form.querySelectorAll("input")) tellFault(input, "");
    try {
      await send(form.elements, signal);
      close();
      tell(done(form.elements));
      after();
    } catch (error) {
      const faults = error.problem?.errors ?? [];
      if (signal.aborted) return;
      // Errors without an input are shown below all inputs.
      const inputOf = ({ pointer }) => [form.elements[pointer.slice(1)]].find((field) => field?.matches("input"));
      if (faults.length === 0 || tellFaults(faults, inputOf).length > 0) problem.textContent = error.message;
    }
  }) });
  (form.querySelector(".content :is(input:not(.hidden), select)") ?? form.querySelector(".cancel")).focus();
}
