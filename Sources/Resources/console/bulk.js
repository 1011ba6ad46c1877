// Changes or deletes many numbers: a preview first, then one request.

import * as api from "./api.js";
import { settle } from "./currencies.js";
import { faultOf, field, open, tellFault, tellFaults, unsure, whileBusy } from "./dialog.js";
import { tellUnknown } from "./editing.js";
import { button, counted, grid, make, select } from "./elements.js";
import { differing, labelOf, members, shownMember } from "./members.js";
import { read } from "./prices.js";

const prices = members.filter(({ isPrice }) => isPrice).map(({ name }) => name);

/** @param selected returns the API's `select`, given `{ signal }`; `done` is called with a message and the response. */
export function deleteMany({ selected, count, done }) {
  ask({
    selected, title: `Delete ${counted(count)}?`, intro: "They are no longer for sale then. You can undo it.", verb: "Delete", danger: true,
    describe: () => ({ delete: true }), isReady: true, done: (changed, answer) => done(`${counted(changed)} deleted.`, answer),
  });
}

export function changeMany({ selected, count, done }) {
  const fields = make("div#adjustments", prices.map(adjustment), field({ label: "Currency", id: "to-currency", name: "currency", list: "currencies", placeholder: "As it is" }));
  ask({
    selected, title: `Change ${counted(count)}`, verb: "Change", fields, done: (changed, answer) => done(`${counted(changed)} changed.`, answer),
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
          const decimals = form.elements[`${name}-decimals`].value;
          if (kind === "times" && decimals) set[name].decimals = Number(decimals);
        } catch (error) {
          tellFault(input, `${labelOf(name)} ${error.message}.`);
          if (isGood) input.focus();
          isGood = false;
        }
      }
      const currency = form.elements.currency.value.trim();
      tellFault(form.elements.currency, "");
      if (currency) set.currency = { to: currency };
      return isGood ? { set } : null;
    },
  });
}

function adjustment(name) {
  const kinds = [["", "As it is"], ["to", "Set to"], ["times", "Multiply by"], ["plus", "Add"]];
  const kind = select({ name: `${name}-kind`, "aria-label": `${labelOf(name)}: what becomes of it` }, kinds);
  const amount = make("input", { id: `to-${name}`, name, inputmode: "decimal", autocomplete: "off", "aria-label": `${labelOf(name)}: how much`, "aria-describedby": `to-${name}-fault` });
  const decimals = select({ name: `${name}-decimals`, "aria-label": `${labelOf(name)}: decimals` }, [["", "Decimals as needed"], ...[0, 1, 2, 3, 4].map((count) => [count, counted(count, "decimal")])]);
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

function ask({ selected, title, intro = null, verb, danger = false, fields = null, describe, isReady = false, done }) {
  /** The previewed change, its tag for `If-Match`, and its Idempotency-Key. */
  let promised = null;
  let isWriting = false;
  /** Whether a response was lost. */
  let isUnsure = false;
  /** Counts the states of the form: a response for an earlier state is dropped. */
  let edition = 0;
  // Only this button applies a change, never Enter: it gets no focus, and ignores a second click.
  const apply = button("", { class: danger ? "danger" : "primary", hidden: true, onclick: ({ detail }) => { if (detail < 2) act(write); } });
  const look = make("button", { hidden: isReady }, "Preview");
  const outcome = make("div#bulk-outcome", { role: "status" });
  const problem = make("div#bulk-problem", { role: "alert" });
  const dialog = open({
    id: "bulk", title, wide: true, actions: [look, apply], content: [intro && make("p", intro), fields, problem, outcome],
    isDirty: () => isWriting || isUnsure, onLost: () => tellUnknown(!isWriting), onSubmit: () => act(preview),
  });
  const { form, signal } = dialog;
  form.addEventListener("input", forget);
  form.addEventListener("change", forget);
  (fields?.querySelector("select") ?? form.querySelector(".cancel")).focus();
  if (isReady) act(preview);

  function forget() {
    edition += 1;
    promised = null;
    apply.hidden = true;
    outcome.replaceChildren();
  }

  function act(work) {
    whileBusy([look, apply], async () => {
      problem.replaceChildren();
      try {
        await work();
      } catch (error) {
        if (!api.isDropped(error) && !signal.aborted) refuse(error);
      }
    });
  }

  async function preview() {
    const change = describe(form);
    if (!change) return;
    if (change.set?.currency && !await settleCurrency(change.set.currency)) return;
    forget();
    const own = edition;
    outcome.replaceChildren(make("p.hint", "Looking at what would happen …"));
    change.select = await selected({ signal });
    let gone = 0;
    for (;;) {
      if (change.select.ids?.length === 0) return outcome.replaceChildren(make("p", "None of them is there any more."));
      const { body, headers } = await api.preview(change, { signal });
      // Leave out the numbers that were deleted after they were selected.
      const missing = new Set(body.errors.filter(({ pointer }) => pointer === "").map(({ id }) => id));
      if (missing.size === 0) {
        if (edition === own) show(body, change, headers.get("ETag"));
        break;
      }
      gone += missing.size;
      change.select.ids = change.select.ids.filter((id) => !missing.has(id));
    }
    if (edition === own && gone > 0) outcome.prepend(make("p", `${counted(gone)} gone already.`));
  }

  /** @returns whether the currency may be used, perhaps after the user chose it. */
  async function settleCurrency(adjustment) {
    const currency = await settle(adjustment.to, { signal });
    if (currency !== null) form.elements.currency.value = adjustment.to = currency;
    else form.elements.currency.focus();
    return currency !== null;
  }

  async function write() {
    const { change, etag, key } = promised;
    isWriting = true;
    try {
      const answer = await api.changeMany(change, etag, { signal, key });
      if (signal.aborted) return;
      dialog.close();
      done(answer.body.count ?? answer.body.changed, answer);
    } catch (error) {
      isUnsure ||= error.isLost;
      throw error;
    } finally {
      if (!signal.aborted) isWriting = false;
    }
  }

  function show(body, change, etag) {
    const isPossible = body.errorCount === 0 && body.changed > 0;
    promised = isPossible ? { change, etag, key: api.newKey() } : null;
    apply.hidden = !isPossible;
    apply.textContent = `${verb} ${counted(body.changed)}`;
    const told = [make("p", make("strong", counted(body.selected)), ` selected: ${body.changed.toLocaleString()} ${change.delete ? "would be deleted" : "would change"}`,
      body.unchanged > 0 && `, ${body.unchanged.toLocaleString()} stay as they are`, "."), Object.entries(body.prices ?? {}).map(effect)];
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
    outcome.replaceChildren(...told.flat());
  }

  function refuse(error) {
    const { errors, preview: other } = error.problem ?? {};
    look.hidden = false;
    if (error.status === 412 && other) {
      problem.replaceChildren(make("p", "The numbers have changed meanwhile. Nothing was done; this is what would happen now:"));
      show(other, promised.change, error.etag);
      isUnsure = false;
      return look.focus();
    }
    if (promised && !errors) {
      // The same button sends the same change with the same key.
      return problem.replaceChildren(make("p", error.message), isUnsure ? unsure(apply.textContent) : "");
    }
    forget();
    problem.append(...tellFaults(errors ?? [], ({ pointer }) => form.elements[pointer.split("/")[2]], ({ name }) => labelOf(name)));
    if (!errors) problem.append(make("p", error.message));
  }
}

/** Describes a change's effect on one price of all numbers. */
function effect([name, { changed, unchangedByRounding, unchangedZero, smallestPercent, largestPercent }]) {
  const percent = (text) => `${Number(text).toLocaleString(undefined, { minimumFractionDigits: 2 })} %`;
  const range = smallestPercent === null ? "" : ` by ${percent(smallestPercent)}${largestPercent === smallestPercent ? "" : ` to ${percent(largestPercent)}`}`;
  const stay = (count) => `, ${count.toLocaleString()} stay${count === 1 ? "s" : ""}`;
  return make("p", `${labelOf(name)}: ${counted(changed, "price")} ${changed === 1 ? "changes" : "change"}${range}`,
    unchangedByRounding > 0 && `${stay(unchangedByRounding)} the same because of rounding`, unchangedZero > 0 && `${stay(unchangedZero)} 0`, ".");
}
