// Changes or deletes many numbers: a preview first, then one request.

import * as api from "./api.js";
import { confirmCurrency } from "./currencies.js";
import { field, fieldError, open, showFieldError, showFieldErrors, unknownOutcome, whileBusy } from "./dialog.js";
import { notifyUnknownOutcome } from "./editing.js";
import { button, counted, grid, make, select } from "./elements.js";
import { differing, formatMember, labelOf, members } from "./members.js";
import { parsePrice } from "./prices.js";

const prices = members.filter(({ isPrice }) => isPrice).map(({ name }) => name);

/** @param selected returns the API's `select`, given `{ signal }`; `done` is called with a message and the response. */
export function deleteMany({ selected, count, done }) {
  openBulkDialog({
    selected,
    title: `Delete ${counted(count)}?`,
    intro: "They are no longer for sale then. You can undo it.",
    verb: "Delete",
    danger: true,
    describe: () => ({ delete: true }),
    isReady: true,
    done: (changed, response) => done(`${counted(changed)} deleted.`, response),
  });
}

export function changeMany({ selected, count, done }) {
  const fields = make(
    "div#adjustments",
    prices.map(adjustment),
    field({ label: "Currency", id: "to-currency", name: "currency", list: "currencies", placeholder: "As it is" }),
  );
  openBulkDialog({
    selected,
    title: `Change ${counted(count)}`,
    verb: "Change",
    fields,
    done: (changed, response) => done(`${counted(changed)} changed.`, response),
    describe(form) {
      const set = {};
      let isValid = true;
      for (const name of prices) {
        const input = form.elements[name];
        const kind = form.elements[`${name}-kind`].value;
        showFieldError(input, "");
        if (!kind) continue;
        try {
          set[name] = { [kind]: parsePrice(input.value) };
          const decimals = form.elements[`${name}-decimals`].value;
          if (kind === "times" && decimals) set[name].decimals = Number(decimals);
        } catch (error) {
          showFieldError(input, `${labelOf(name)} ${error.message}.`);
          if (isValid) input.focus();
          isValid = false;
        }
      }
      const currency = form.elements.currency.value.trim();
      showFieldError(form.elements.currency, "");
      if (currency) set.currency = { to: currency };
      return isValid ? { set } : null;
    },
  });
}

function adjustment(name) {
  const kinds = [["", "As it is"], ["to", "Set to"], ["times", "Multiply by"], ["plus", "Add"]];
  const kind = select({ name: `${name}-kind`, "aria-label": `${labelOf(name)}: change` }, kinds);
  const amount = make("input", {
    id: `to-${name}`,
    name,
    inputmode: "decimal",
    autocomplete: "off",
    "aria-label": `${labelOf(name)}: amount`,
    "aria-describedby": `to-${name}-error`,
  });
  const decimals = select({ name: `${name}-decimals`, "aria-label": `${labelOf(name)}: decimals` }, [[
    "",
    "Decimals as needed",
  ], ...[0, 1, 2, 3, 4].map((count) => [count, counted(count, "decimal")])]);
  const paint = () => {
    amount.hidden = kind.value === "";
    decimals.hidden = kind.value !== "times";
  };
  kind.addEventListener("change", () => {
    paint();
    if (kind.value) amount.focus();
  });
  paint();
  return make(
    "fieldset",
    make("legend", labelOf(name)),
    make("div.range", kind, amount, decimals),
    fieldError(`to-${name}`),
  );
}

/** @param {any} options Their `requests` have the API's `preview` and `changeMany`. */
export function openBulkDialog(
  {
    requests = api,
    selected,
    title,
    intro = null,
    verb,
    danger = false,
    fields = null,
    describe,
    isReady = false,
    done,
  },
) {
  /** The previewed change, its tag for `If-Match`, and its Idempotency-Key. */
  let previewed = null;
  let isWriting = false;
  /** Whether a response was lost. */
  let isOutcomeUnknown = false;
  /** Counts the form's changes: the response to a preview of an earlier version is ignored. */
  let version = 0;
  // Only this button applies a change, and never Enter: the button gets no focus, and ignores a second click.
  const apply = button("", {
    class: danger ? "danger" : "primary",
    hidden: true,
    onclick: ({ detail }) => {
      if (detail < 2) run(write);
    },
  });
  const previewButton = make("button", { hidden: isReady }, "Preview");
  const outcome = make("div#bulk-outcome", { role: "status" });
  const problem = make("div#bulk-problem", { role: "alert" });
  const dialog = open({
    id: "bulk",
    title,
    wide: true,
    actions: [previewButton, apply],
    content: [intro && make("p", intro), fields, problem, outcome],
    isDirty: () => isWriting || isOutcomeUnknown,
    onLost: () => notifyUnknownOutcome(!isWriting),
    onSubmit: () => run(preview),
  });
  const { form, signal } = dialog;
  form.addEventListener("input", forget);
  form.addEventListener("change", forget);
  (fields?.querySelector("select") ?? form.querySelector(".cancel")).focus();
  if (isReady) run(preview);

  function forget() {
    version += 1;
    previewed = null;
    apply.hidden = true;
    outcome.replaceChildren();
  }

  function run(work) {
    whileBusy([previewButton, apply], async () => {
      problem.replaceChildren();
      try {
        await work();
      } catch (error) {
        if (!api.isAborted(error) && !signal.aborted) showError(error);
      }
    });
  }

  async function preview() {
    const change = describe(form);
    if (!change) return;
    if (form.elements.currency && change.set?.currency && !await settleCurrency(change.set.currency)) return;
    forget();
    const startVersion = version;
    outcome.replaceChildren(make("p.hint", "Loading the preview …"));
    change.select = await selected({ signal });
    let deletedCount = 0;
    for (;;) {
      if (change.select.ids?.length === 0) {
        return outcome.replaceChildren(make("p", "All of them are already deleted."));
      }
      const { body, headers } = await requests.preview(change, { signal });
      // Leave out the numbers that were deleted after they were selected.
      const missing = new Set(body.errors.filter(({ pointer }) => pointer === "").map(({ id }) => id));
      if (missing.size === 0) {
        if (version === startVersion) show(body, change, headers.get("ETag"));
        break;
      }
      deletedCount += missing.size;
      change.select.ids = change.select.ids.filter((id) => !missing.has(id));
    }
    if (version === startVersion && deletedCount > 0) {
      outcome.prepend(make("p", `${counted(deletedCount)} already deleted.`));
    }
  }

  /** @returns whether the currency may be used, perhaps after the user chose it. */
  async function settleCurrency(adjustment) {
    const currency = await confirmCurrency(adjustment.to, { signal });
    if (currency !== null) form.elements.currency.value = adjustment.to = currency;
    else form.elements.currency.focus();
    return currency !== null;
  }

  async function write() {
    const { change, etag, key } = previewed;
    isWriting = true;
    try {
      const response = await requests.changeMany(change, etag, { signal, key });
      if (signal.aborted) return;
      dialog.close();
      done(response.body.count ?? response.body.changed, response);
    } catch (error) {
      isOutcomeUnknown ||= error.isLost;
      throw error;
    } finally {
      if (!signal.aborted) isWriting = false;
    }
  }

  function show(body, change, etag) {
    const isPossible = body.errorCount === 0 && body.changed > 0;
    previewed = isPossible ? { change, etag, key: api.newIdempotencyKey() } : null;
    apply.hidden = !isPossible;
    apply.textContent = `${verb} ${counted(body.changed)}`;
    /** @type {Child[]} */
    const content = [
      make(
        "p",
        make("strong", counted(body.selected)),
        ` selected: ${body.changed.toLocaleString()} ${change.delete ? "would be deleted" : "would change"}`,
        body.unchanged > 0 && `, ${body.unchanged.toLocaleString()} stay as they are`,
        ".",
      ),
      Object.entries(body.prices ?? {}).map(effect),
    ];
    if (body.errorCount > 0) {
      content.push(
        make("p.error", `${counted(body.errorCount, "error")}: nothing can be done.`),
        make(
          "ul.error",
          body.errors.slice(0, 20).map(({ id, pointer, detail }) =>
            make("li", `Number with id ${id}: ${labelOf(pointer.slice(1))} ${detail}.`)
          ),
        ),
      );
    }
    const sample = body.numbers;
    const names = members.map(({ name }) => name).filter((name) =>
      name !== "value" && (change.delete || sample.some(({ before, after }) => differing(before, after).includes(name)))
    );
    if (sample.length > 0) {
      content.push(
        grid(
          "Preview",
          ["Number", ...names.map(labelOf)],
          sample.map((
            { before, after },
          ) => [
            before.value,
            ...names.map((
              name,
            ) => (!after || before[name] === after[name]
              ? formatMember(name, before[name])
              : [make("del", formatMember(name, before[name])), " → ", make("ins", formatMember(name, after[name]))])
            ),
          ]),
        ),
      );
    }
    if (body.changed > sample.length) {
      content.push(make("p.hint", `The first ${sample.length} of ${body.changed.toLocaleString()}.`));
    }
    outcome.replaceChildren(.../** @type {any[]} */ (content.flat()));
  }

  function showError(error) {
    const { errors, preview: other } = error.problem ?? {};
    previewButton.hidden = false;
    if (error.status === 412 && other) {
      problem.replaceChildren(
        make("p", "The numbers have changed meanwhile. Nothing was done. This is the new preview:"),
      );
      show(other, previewed.change, error.etag);
      isOutcomeUnknown = false;
      return previewButton.focus();
    }
    if (previewed && !errors) {
      // The same button sends the same change with the same key.
      return problem.replaceChildren(
        make("p", error.message),
        isOutcomeUnknown ? unknownOutcome(apply.textContent) : "",
      );
    }
    forget();
    problem.append(
      ...showFieldErrors(
        errors ?? [],
        ({ pointer }) => form.elements[pointer.split("/")[2]],
        ({ name }) => labelOf(name),
      ),
    );
    if (!errors) problem.append(make("p", error.message));
  }
}

/** Describes a change's effect on one price of all numbers. */
function effect([name, { changed, unchangedByRounding, unchangedZero, smallestPercent, largestPercent }]) {
  const percent = (text) => `${Number(text).toLocaleString(undefined, { minimumFractionDigits: 2 })} %`;
  const range = smallestPercent === null
    ? ""
    : ` by ${percent(smallestPercent)}${largestPercent === smallestPercent ? "" : ` to ${percent(largestPercent)}`}`;
  const stay = (count) => `, ${count.toLocaleString()} stay${count === 1 ? "s" : ""}`;
  return make(
    "p",
    `${labelOf(name)}: ${counted(changed, "price")} ${changed === 1 ? "changes" : "change"}${range}`,
    unchangedByRounding > 0 && `${stay(unchangedByRounding)} the same because of rounding`,
    unchangedZero > 0 && `${stay(unchangedZero)} 0`,
    ".",
  );
}
