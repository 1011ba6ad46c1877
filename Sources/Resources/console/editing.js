// Creates and edits one number. Each dialog has its own state; responses that come after it was closed are dropped.

import * as api from "./api.js";
import { settle } from "./currencies.js";
import { field, open, tellFault, tellFaults, unsure, whileBusy } from "./dialog.js";
import { button, grid, make } from "./elements.js";
import { differing, labelOf, members, readMember, shownMember, typeableMember } from "./members.js";
import { tell } from "./notices.js";
import { prefer, preference } from "./preferences.js";

const names = members.map(({ name }) => name);

/** The notice about a write without a response in time. */
export function tellUnknown(isLost) {
  tell(isLost ? "This may have been done." : "You did not wait for the answer: it may have been done all the same.", { link: { label: "See changes", href: "/changes" } });
}

/**
 * @param typed is the earlier input to continue with.
 * @param saved gets the number, the response, and whether the dialog stays open for another number.
 */
export function createNumber({ saved, typed = { currency: preference("currency") } }) {
  ask({ title: "New number", typed, saved, reopen: (again) => createNumber({ saved, typed: again }) });
}

/**
 * @param number may be stale; the dialog reads it again.
 * @param conflict is the 412 error of `typed`, which was based on `number`.
 */
export function editNumber(number, { saved, typed = {}, conflict = null }) {
  ask({ title: `Edit ${number.value}`, number, typed, conflict, saved, reopen: (again) => editNumber(number, { saved, typed: again }) });
}

function ask({ title, number = null, typed = {}, conflict = null, saved, reopen }) {
  /** The number as it was read, with its tag. */
  let original = number && { number, etag: null };
  let reading = null;
  let theirs = null;
  let isWriting = false;
  /** Whether a response was lost. */
  let isUnsure = false;
  /** The Idempotency-Key of the new number, until the form changes. */
  let key = null;
  const problem = make("div#number-problem", { role: "alert" });
  const told = make("p#number-told.good", { role: "status" });
  const save = make("button.primary", "Save");
  const another = number ? null : button("Save and add another", { onclick: () => write(true) });
  const start = Object.fromEntries(names.map((name) => [name, number ? typeableMember(name, number[name]) : ""]));
  const dialog = open({
    id: "number", title, actions: [another, save],
    content: [...members.map(({ name, label, id = name, inputmode, list, placeholder }) => field({ name, label, id, inputmode, list, placeholder })), told, problem],
    isDirty: () => isWriting || isUnsure || names.some((name) => inputs[name].value !== start[name]),
    onLost() {
      if (isWriting || isUnsure) return tellUnknown(!isWriting);
      // For an existing number, keep only the edited fields.
      const kept = number ? Object.fromEntries(Object.entries(raw()).filter(([name, value]) => value !== start[name])) : raw();
      tell("What you typed was not saved.", { action: { label: "Bring it back", run: () => reopen(kept) } });
    },
    onSubmit: () => write(false),
  });
  const { form, signal } = dialog;
  const inputs = Object.fromEntries(names.map((name) => [name, form.elements[name]]));
  form.addEventListener("input", () => { key = null; });
  const raw = () => Object.fromEntries(names.map((name) => [name, inputs[name].value]));
  const buttons = [save, another].filter(Boolean);
  for (const name of names) inputs[name].value = typed[name] ?? start[name];
  if (!number) for (const name of names) start[name] = typed[name] && name === "currency" ? typed[name] : "";
  inputs[names.find((name) => typed[name] && name !== "currency") ?? "value"].focus();
  inputs.value.select();

  async function read() {
    const { body, headers } = await api.read(number.id, { signal });
    const fresh = { number: body, etag: headers.get("ETag") };
    const isTouched = (name) => inputs[name].value !== start[name] || typed[name] !== undefined;
    const isOverwritten = (name) => body[name] !== original.number[name] && isTouched(name) && inputs[name].value !== typeableMember(name, body[name]);
    if (names.some(isOverwritten)) return tellConflict({ problem: { current: body }, etag: fresh.etag });
    // Update the fields that the user has not edited.
    for (const name of names) {
      if (inputs[name].value === start[name] && typed[name] === undefined) inputs[name].value = typeableMember(name, body[name]);
      start[name] = typeableMember(name, body[name]);
    }
    original = fresh;
  }

  function clear() {
    problem.replaceChildren();
    told.textContent = "";
    for (const name of names) tellFault(inputs[name], "");
  }

  /** The input in the API's format; null after showing the fields that cannot be read. */
  function content() {
    const faults = [];
    const made = {};
    for (const name of names) {
      try { made[name] = readMember(name, inputs[name].value); } catch (error) { faults.push({ pointer: `/${name}`, detail: error.message }); }
    }
    if (faults.length === 0) return made;
    refuseFields(faults);
    return null;
  }

  const changes = (made) => Object.fromEntries(Object.entries(made).filter(([name, value]) => value !== original.number[name]));

  const write = (isAnother) => whileBusy(buttons, async () => {
    clear();
    if (theirs) takeTheirs();
    let made = null;
    try {
      // First update the fields that the user has not edited.
      if (original && !original.etag) {
        reading ??= read();
        await reading;
        if (theirs) return;
      }
      made = content();
      if (!made) return;
      if (made.currency !== original?.number.currency) {
        const currency = await settle(made.currency, { signal });
        if (currency === null) return inputs.currency.focus();
        inputs.currency.value = made.currency = currency;
      }
      isWriting = true;
      key ??= api.newKey();
      const answer = original ? await api.update(original.number.id, changes(made), original.etag, { signal }) : await api.create(made, { signal, key });
      if (signal.aborted) return;
      isUnsure = false;
      prefer("currency", answer.body.currency);
      if (isAnother) startOver(answer.body);
      else dialog.close();
      saved(answer.body, answer, isAnother);
    } catch (error) {
      reading = null;
      isUnsure ||= isWriting && error.isLost;
      if (!api.isDropped(error) && !signal.aborted) refuse(error, made ?? undefined);
    } finally {
      if (!signal.aborted) isWriting = false;
    }
  });

  function startOver(number) {
    key = null;
    inputs.value.value = "";
    for (const name of names) start[name] = inputs[name].value;
    told.textContent = `${number.value} is in the inventory.`;
    inputs.value.focus();
  }

  function refuse(error, made) {
    if (error.status === 422 && error.problem.errors) return refuseFields(error.problem.errors);
    if (error.status === 412) return tellConflict(error, made);
    problem.replaceChildren(make("p", error.message), isUnsure ? unsure("Save") : "");
    const existing = error.status === 409 && /(\d+)$/.exec(error.problem.existing ?? "");
    if (!existing) return;
    tellFault(inputs.value, "This number is there already.");
    problem.append(make("p", make("a", { href: `/numbers/${existing[1]}`, target: "_blank" }, "Show the number that is there (in a new tab)")));
    inputs.value.focus();
  }

  function refuseFields(errors) {
    problem.append(...tellFaults(errors, ({ pointer }) => inputs[pointer.slice(1)], ({ name }) => labelOf(name)));
  }

  /** Shows a conflict: the current values and the input, and offers both. */
  function tellConflict(error, made = content() ?? {}) {
    theirs = { number: error.problem.current, etag: error.etag };
    const mine = changes(made);
    const before = original.number;
    for (const name of names) if (!(name in mine)) inputs[name].value = typeableMember(name, theirs.number[name]);
    const rows = names.filter((name) => name in mine || differing(before, theirs.number).includes(name));
    problem.replaceChildren(
      make("p", { tabindex: "-1" }, "Somebody changed this number meanwhile."),
      grid("What differs", ["", "Before", "Theirs", "Mine"], rows.map((name) => [make("strong", labelOf(name)), ...[before[name], theirs.number[name], mine[name]].map((text) => shownMember(name, text))])),
      make("menu", {},
        button("Take theirs", { id: "take-theirs", onclick: () => {
          for (const name of names) inputs[name].value = typeableMember(name, theirs.number[name]);
          takeTheirs();
          clear();
          inputs.value.focus();
        } }),
        button("Apply mine again", { id: "apply-mine", class: "primary", onclick: () => {
          for (const name of names) inputs[name].value = typeableMember(name, mine[name] ?? theirs.number[name]);
          write(false);
        } })));
    save.hidden = true;
    // Not a button: the user may be pressing Enter just now.
    problem.firstChild.focus();
  }

  /** Makes their version the base of the edit. */
  function takeTheirs() {
    original = theirs;
    for (const name of names) start[name] = typeableMember(name, theirs.number[name]);
    theirs = null;
    save.hidden = false;
  }

  if (conflict) tellConflict(conflict);
  else if (number) {
    reading = read();
    reading.catch(() => { reading = null; });
  }
}
