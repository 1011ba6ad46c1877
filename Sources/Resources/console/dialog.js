// Dialogs. Each opening is an element of its own, with its own requests: what closes takes them with it.

import { alertLine, button, focusHeading, icon, labelled, make, successor } from "./elements.js";
import { tell } from "./notices.js";

/** What would be lost with the page, each as a function that tells whether it would. */
const dirty = new Set();
addEventListener("beforeunload", (event) => { if ([...dirty].some((isDirty) => isDirty())) event.preventDefault(); });
addEventListener("leave", () => dirty.clear());

/** Has the browser ask before the page goes, while `isDirty`. @returns what ends that. */
export function guard(isDirty) {
  dirty.add(isDirty);
  return () => dirty.delete(isDirty);
}

/**
 * @param isDirty tells whether something would be lost, and `onLost` what to do where it is.
 * @returns the dialog's form, where `signal` ends with it, and `close(focus)`; `focus` is where the focus goes instead of back.
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
    // A list may have been drawn anew meanwhile.
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
    /** All is done: there is nothing to lose. */
    close(then = null) {
      isDone = true;
      focus = then;
      dialog.close();
    },
  };
}

/** Keeps whoever is impatient from sending twice, without taking the focus away. */
export async function whileBusy(buttons, work) {
  if (buttons.some((each) => each.ariaDisabled)) return;
  for (const each of buttons) each.ariaDisabled = "true";
  try {
    await work();
  } finally {
    for (const each of buttons) each.ariaDisabled = null;
  }
}

/** A field: a label, an input, a fault that is read with it. */
export function field({ label, id, hint, ...attributes }) {
  const input = make("input", { id, autocomplete: "off", "aria-describedby": hint ? `${id}-hint ${id}-fault` : `${id}-fault`, ...attributes });
  return labelled(label, input, hint && make("p.hint", { id: `${id}-hint` }, hint), faultOf(id));
}

/** The message about a write whose response is lost; `verb` is the button that sends it again, with the same key or tag. */
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
 * Tells what the API refuses, each beside its field, and goes to the first.
 * @param inputOf finds the field of a fault, `subject` what the sentence begins with.
 * @returns the faults that have no field, each as a line.
 */
export function tellFaults(faults, inputOf, subject = () => "It") {
  const inputs = faults.map(inputOf);
  faults.forEach(({ detail }, index) => { if (inputs[index]) tellFault(inputs[index], `${subject(inputs[index])} ${detail}.`); });
  inputs.find(Boolean)?.focus();
  return faults.filter((_, index) => !inputs[index]).map(({ pointer, detail }) => make("p", `${pointer.slice(1)} ${detail}.`));
}

/** A dialog whose fields are sent at once: `send(fields, signal)`; `done(fields)` is what is told then, and `after` is called. */
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
      // A fault is told beside an input; of anything else, below all of them.
      const inputOf = ({ pointer }) => [form.elements[pointer.slice(1)]].find((field) => field?.matches("input"));
      if (faults.length === 0 || tellFaults(faults, inputOf).length > 0) problem.textContent = error.message;
    }
  }) });
  (form.querySelector(".content :is(input:not(.hidden), select)") ?? form.querySelector(".cancel")).focus();
}
