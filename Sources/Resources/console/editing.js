// Creates and edits one number. Each dialog has its own state, and ignores responses that arrive after it was closed.

import * as api from "./api.js";
import { confirmCurrency } from "./currencies.js";
import { field, open, showFieldError, showFieldErrors, unknownOutcome, whileBusy } from "./dialog.js";
import { button, grid, make } from "./elements.js";
import { differing, editableMember, formatMember, labelOf, members, readMember } from "./members.js";
import { notify } from "./notices.js";
import { prefer, preference } from "./preferences.js";

const names = members.map(({ name }) => name);

/** Reports a write without a response. @param isLost is false if the user did not wait for the response. */
export function notifyUnknownOutcome(isLost) {
  notify(isLost ? "This may have been done." : "You did not wait for the response: it may have been done.", {
    link: { label: "See changes", href: "/changes" },
  });
}

/**
 * @param {object} options
 * @param {Saved} options.saved gets the number and the response.
 * @param {Partial<Content>} [options.typed] is the earlier input to continue with.
 */
export function createNumber({ saved, typed = { currency: preference("currency") } }) {
  openEditor({ title: "New number", typed, saved, reopen: (again) => createNumber({ saved, typed: again }) });
}

/**
 * @param {DIDNumber} number may be stale: members that are not edited keep their current values.
 * @param {{ saved: Saved, typed?: Partial<Content>, conflict?: api.Problem }} options `conflict` is the 412 error of
 *   `typed`, which was based on `number`.
 */
export function editNumber(number, { saved, typed = {}, conflict = null }) {
  openEditor({
    title: `Edit ${number.value}`,
    number,
    typed,
    conflict,
    saved,
    reopen: (again) => editNumber(number, { saved, typed: again }),
  });
}

function openEditor({ title, number = null, typed = {}, conflict = null, saved, reopen }) {
  /** The number on which the edit is based. */
  let original = number;
  /** After a conflict, the server's version. */
  let current = null;
  let isWriting = false;
  /** Whether a response was lost. */
  let isOutcomeUnknown = false;
  /** The Idempotency-Key of the new number, until the form changes. */
  let key = null;
  const problem = make("div#number-problem", { role: "alert" });
  const status = make("p#number-status.good", { role: "status" });
  const save = make("button.primary", "Save");
  const another = number ? null : button("Save and add another", { onclick: () => write(true) });
  const initial = Object.fromEntries(names.map((name) => [name, number ? editableMember(name, number[name]) : ""]));
  const dialog = open({
    id: "number",
    title,
    actions: [another, save],
    content: [
      ...members.map(({ name, label, id = name, inputmode, list, placeholder }) =>
        field({ name, label, id, inputmode, list, placeholder })
      ),
      status,
      problem,
    ],
    isDirty: () => isWriting || isOutcomeUnknown || names.some((name) => inputs[name].value !== initial[name]),
    onLost() {
      if (isWriting || isOutcomeUnknown) return notifyUnknownOutcome(!isWriting);
      // For an existing number, keep only the edited fields.
      const kept = number
        ? Object.fromEntries(Object.entries(input()).filter(([name, value]) => value !== initial[name]))
        : input();
      notify("What you typed was not saved.", { action: { label: "Restore", run: () => reopen(kept) } });
    },
    onSubmit: () => write(false),
  });
  const { form, signal } = dialog;
  const inputs = Object.fromEntries(names.map((name) => [name, form.elements[name]]));
  form.addEventListener("input", () => {
    key = null;
  });
  const input = () => Object.fromEntries(names.map((name) => [name, inputs[name].value]));
  const buttons = [save, another].filter(Boolean);
  for (const name of names) inputs[name].value = typed[name] ?? initial[name];
  if (!number) { for (const name of names) initial[name] = typed[name] && name === "currency" ? typed[name] : ""; }
  inputs[names.find((name) => typed[name] && name !== "currency") ?? "value"].focus();
  inputs.value.select();

  function clear() {
    problem.replaceChildren();
    status.textContent = "";
    for (const name of names) showFieldError(inputs[name], "");
  }

  /** The input in the API's format; null if a field cannot be read, which then shows an error. */
  function readContent() {
    const errors = [];
    const content = /** @type {Content} */ ({});
    for (const name of names) {
      try {
        content[name] = readMember(name, inputs[name].value);
      } catch (error) {
        errors.push({ pointer: `/${name}`, detail: error.message });
      }
    }
    if (errors.length === 0) return content;
    showErrors(errors);
    return null;
  }

  const changes = (content) =>
    Object.fromEntries(Object.entries(content).filter(([name, value]) => value !== original[name]));

  const write = (isAnother) =>
    whileBusy(buttons, async () => {
      clear();
      if (current) useCurrent();
      let content = null;
      try {
        content = readContent();
        if (!content) return;
        if (content.currency !== original?.currency) {
          const currency = await confirmCurrency(content.currency, { signal });
          if (currency === null) return inputs.currency.focus();
          inputs.currency.value = content.currency = currency;
        }
        isWriting = true;
        key ??= api.newIdempotencyKey();
        const response = original
          ? await api.update(original, changes(content), { signal })
          : await api.create(content, { signal, key });
        if (signal.aborted) return;
        isOutcomeUnknown = false;
        prefer("currency", response.body.currency);
        if (isAnother) reset(response.body);
        else dialog.close();
        saved(response.body, response);
      } catch (error) {
        isOutcomeUnknown ||= isWriting && error.isLost;
        if (!api.isAborted(error) && !signal.aborted) showError(error, content ?? undefined);
      } finally {
        if (!signal.aborted) isWriting = false;
      }
    });

  function reset({ value }) {
    key = null;
    inputs.value.value = "";
    for (const name of names) initial[name] = inputs[name].value;
    status.textContent = `${value} is in the inventory.`;
    inputs.value.focus();
  }

  function showError(error, content) {
    if (error.status === 422 && error.problem.errors) return showErrors(error.problem.errors);
    if (error.status === 412) return showConflict(error, content);
    const text = original && error.status === 404 ? "This number was deleted in the meantime." : error.message;
    problem.replaceChildren(make("p", text), isOutcomeUnknown ? unknownOutcome("Save") : "");
    const existing = error.status === 409 && /(\d+)$/.exec(error.problem.existing ?? "");
    if (!existing) return;
    showFieldError(inputs.value, "This number already exists.");
    problem.append(
      make(
        "p",
        make("a", { href: `/numbers/${existing[1]}`, target: "_blank" }, "Show the existing number (in a new tab)"),
      ),
    );
    inputs.value.focus();
  }

  function showErrors(errors) {
    problem.append(...showFieldErrors(errors, ({ pointer }) => inputs[pointer.slice(1)], ({ name }) => labelOf(name)));
  }

  /** Shows a conflict, and offers the current values and the input. */
  function showConflict(error, content = readContent() ?? {}) {
    current = api.currentOf(error);
    const edits = changes(content);
    const before = original;
    for (const name of names) if (!(name in edits)) inputs[name].value = editableMember(name, current[name]);
    const rows = names.filter((name) => name in edits || differing(before, current).includes(name));
    problem.replaceChildren(
      make("p", { tabindex: "-1" }, "Another user changed this number in the meantime."),
      grid(
        "Differences",
        ["", "Before", "Current", "Yours"],
        rows.map((
          name,
        ) => [
          make("strong", labelOf(name)),
          ...[before[name], current[name], edits[name]].map((text) => formatMember(name, text)),
        ]),
      ),
      make(
        "menu",
        {},
        button("Use current values", {
          id: "use-current",
          onclick: () => {
            for (const name of names) inputs[name].value = editableMember(name, current[name]);
            useCurrent();
            clear();
            inputs.value.focus();
          },
        }),
        button("Apply my changes", {
          id: "apply-mine",
          class: "primary",
          onclick: () => {
            for (const name of names) inputs[name].value = editableMember(name, edits[name] ?? current[name]);
            write(false);
          },
        }),
      ),
    );
    save.hidden = true;
    // Do not focus a button: the user may be pressing Enter just now.
    problem.firstElementChild.focus();
  }

  /** Bases the edit on the server's version. */
  function useCurrent() {
    original = current;
    for (const name of names) initial[name] = editableMember(name, current[name]);
    current = null;
    save.hidden = false;
  }

  if (conflict) showConflict(conflict);
}
