// Many numbers at once: what would happen first, then all of it in one request.

import * as api from "./api.js";
import { faultOf, field, open, tellFault, tellFaults, whileBusy } from "./dialog.js";
import { tellUnknown } from "./editing.js";
import { counted, grid, make, select } from "./elements.js";
import { differing, labelOf, members, shownMember } from "./members.js";
import { read } from "./prices.js";

const prices = members.filter(({ isPrice }) => isPrice).map(({ name }) => name);

/** @param select is the API's, `done` is called with a sentence and the answer. */
export function deleteMany({ select, count, done }) {
  ask({
    title: `Delete ${counted(count)}?`, intro: "They are no longer for sale then. You can undo it.", verb: "Delete", danger: true,
    describe: () => ({ select, delete: true }), isReady: true, done: (changed, answer) => done(`${counted(changed)} deleted.`, answer),
  });
}

export function changeMany({ select, count, done }) {
  const fields = make("div#adjustments", prices.map(adjustment), field({ label: "Currency", id: "to-currency", name: "currency", list: "currencies", placeholder: "As it is" }));
  ask({
    title: `Change ${counted(count)}`, verb: "Change", fields, done: (changed, answer) => done(`${counted(changed)} changed.`, answer),
    describe(form) {
      const set = {};
      let isGood = true;
      for (const name of prices) {
        const input = form.elements[name];
        const kind = form.elements[`${name}-kind`].value;
        tellFault(input, "");
        if (!kind) continue;
        try {
          set[name] = { [kind]: read(input.value) };
          if (kind === "times") set[name].decimals = Number(form.elements[`${name}-decimals`].value);
        } catch (error) {
          tellFault(input, `${labelOf(name)} ${error.message}.`);
          if (isGood) input.focus();
          isGood = false;
        }
      }
      const currency = form.elements.currency.value.trim();
      tellFault(form.elements.currency, "");
      if (currency) set.currency = { to: currency };
      return isGood ? { select, set } : null;
    },
  });
}

function adjustment(name) {
  const kinds = [["", "As it is"], ["to", "Set to"], ["times", "Multiply by"], ["plus", "Add"]];
  const kind = select({ name: `${name}-kind`, "aria-label": `${labelOf(name)}: what becomes of it` }, kinds);
  const amount = make("input", { id: `to-${name}`, name, inputmode: "decimal", autocomplete: "off", "aria-label": `${labelOf(name)}: how much`, "aria-describedby": `to-${name}-fault` });
  const decimals = select({ name: `${name}-decimals`, "aria-label": `${labelOf(name)}: decimals` }, [0, 1, 2, 3, 4].map((count) => [count, counted(count, "decimal")]), 2);
  const paint = () => {
    amount.hidden = kind.value === "";
    decimals.hidden = kind.value !== "times";
  };
  kind.addEventListener("change", () => {
    paint();
    if (kind.value) amount.focus();
  });
  paint();
  return make("fieldset", make("legend", labelOf(name)), make("div.range", kind, amount, decimals), faultOf(`to-${name}`));
}

function ask({ title, intro = null, verb, danger = false, fields = null, describe, isReady = false, done }) {
  /** The change that was previewed, and the tag that makes it a promise. */
  let promised = null;
  let isWriting = false;
  /** Counts what was asked for: an answer to what the form no longer says is nobody's. */
  let edition = 0;
  const submit = make("button", { class: danger ? "danger" : "primary" }, "Preview");
  const outcome = make("div#bulk-outcome", { role: "status" });
  const problem = make("div#bulk-problem", { role: "alert" });
  const dialog = open({
    id: "bulk", title, wide: true, actions: [submit], content: [intro && make("p", intro), fields, problem, outcome],
    isDirty: () => isWriting, onLost: tellUnknown, onSubmit: () => whileBusy([submit], act),
  });
  const { form, signal } = dialog;
  form.addEventListener("input", forget);
  form.addEventListener("change", forget);
  (fields?.querySelector("select") ?? form.querySelector(".cancel")).focus();
  if (isReady) whileBusy([submit], act);

  function forget() {
    edition += 1;
    promised = null;
    submit.textContent = "Preview";
    outcome.replaceChildren();
  }

  async function act() {
    problem.replaceChildren();
    const own = promised;
    try {
      if (own) await write(own);
      else await preview();
    } catch (error) {
      isWriting = false;
      if (!api.isDropped(error) && !signal.aborted) refuse(error, own);
    }
  }

  async function preview() {
    const change = describe(form);
    if (!change) return;
    const own = edition;
    outcome.replaceChildren(make("p.hint", "Looking at what would happen …"));
    let { body, headers } = await api.preview(change, { signal });
    let gone = 0;
    // What somebody has deleted since it was selected is in nobody's way.
    for (let missing; (missing = new Set(body.errors.filter(({ pointer }) => pointer === "").map(({ id }) => id))).size > 0;) {
      gone += missing.size;
      change.select.ids = change.select.ids.filter((id) => !missing.has(id));
      if (change.select.ids.length === 0) return outcome.replaceChildren(make("p", "None of them is there any more."));
      ({ body, headers } = await api.preview(change, { signal }));
    }
    if (edition !== own) return;
    show(body, change, headers.get("ETag"));
    if (gone > 0) outcome.prepend(make("p", `${counted(gone)} gone already.`));
  }

  async function write({ change, etag }) {
    isWriting = true;
    const answer = await api.changeMany(change, etag, { signal });
    if (signal.aborted) return;
    dialog.close();
    done(answer.body.count ?? answer.body.changed, answer);
  }

  function show(body, change, etag) {
    const isPossible = body.errorCount === 0 && body.changed > 0;
    promised = isPossible ? { change, etag } : null;
    submit.textContent = isPossible ? `${verb} ${counted(body.changed)}` : "Preview";
    const told = [make("p", make("strong", counted(body.selected)), ` selected: ${body.changed.toLocaleString()} ${change.delete ? "would be deleted" : "would change"}`,
      body.unchanged > 0 && `, ${body.unchanged.toLocaleString()} stay as they are`, ".")];
    if (body.errorCount > 0) {
      told.push(make("p.fault", `${counted(body.errorCount, "fault")}: nothing can be done.`),
        make("ul.fault", body.errors.slice(0, 20).map(({ id, pointer, detail }) => make("li", `Number with id ${id}: ${labelOf(pointer.slice(1))} ${detail}.`))));
    }
    const few = body.numbers;
    const names = members.map(({ name }) => name).filter((name) => name !== "value" && (change.delete || few.some(({ before, after }) => differing(before, after).includes(name))));
    if (few.length > 0) {
      told.push(grid("Preview", ["Number", ...names.map(labelOf)], few.map(({ before, after }) => [before.value, ...names.map((name) =>
        (!after || before[name] === after[name] ? shownMember(name, before[name]) : [make("del", shownMember(name, before[name])), " → ", make("ins", shownMember(name, after[name]))]))])));
    }
    if (body.changed > few.length) told.push(make("p.hint", `The first ${few.length} of ${body.changed.toLocaleString()}.`));
    outcome.replaceChildren(...told);
  }

  function refuse(error, promise) {
    outcome.replaceChildren();
    if (error.status === 412 && error.problem.preview) {
      problem.replaceChildren(make("p", "The numbers have changed meanwhile. Nothing was done; this is what would happen now:"));
      show(error.problem.preview, promise.change, error.etag);
      return;
    }
    promised = null;
    submit.textContent = "Preview";
    problem.append(...tellFaults(error.problem?.errors ?? [], ({ pointer }) => form.elements[pointer.split("/")[2]], ({ name }) => labelOf(name)));
    if (!error.problem?.errors) problem.append(make("p", error.message));
  }
}
