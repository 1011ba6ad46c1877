// Changes or deletes many numbers: a preview first, then one request.

import { adjustments, effect, readAdjustments } from "./adjustments.js";
import * as api from "./api.js";
import { confirmCurrency } from "./currencies.js";
import { open, showFieldErrors, unknownOutcome, whileBusy } from "./dialog.js";
import { notifyUnknownOutcome } from "./editing.js";
import { button, counted, grid, localized, make } from "./elements.js";
import { differing, labelOf, members } from "./members.js";
import { previewGrid, shownOf } from "./preview.js";

/** How many errors a preview lists. */
const maxErrors = 20;

/** @param selected returns the API's `select`, given `{ signal }`; `done` is called with a message and the response. */
export function deleteMany({ selected, count, done }) {
  openBulkDialog({
    selected,
    title: `Delete ${counted(count)}?`,
    intro: "They will no longer be for sale. You can undo this.",
    verb: "Delete",
    danger: true,
    describe: () => ({ delete: true }),
    isReady: true,
    done: (changed, response) => done(`${counted(changed)} deleted.`, response),
  });
}

export function changeMany({ selected, count, done }) {
  openBulkDialog({
    selected,
    title: `Change ${counted(count)}`,
    verb: "Change",
    fields: adjustments(),
    done: (changed, response) => done(`${counted(changed)} changed.`, response),
    describe(form) {
      const set = readAdjustments(form);
      if (set && Object.keys(set).length === 0) throw new Error("Choose what to change.");
      return set && { set };
    },
  });
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
  // Only this button and Ctrl+Enter apply a change: the button gets no focus, and ignores a second click.
  const apply = button("", {
    class: danger ? "danger" : "primary",
    hidden: true,
    title: "Ctrl+Enter",
    "aria-keyshortcuts": "Control+Enter",
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
  form.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || !previewed || event.repeat) return;
    event.preventDefault();
    run(write);
  });
  form.addEventListener("change", forget);
  (fields?.querySelector("input") ?? form.querySelector(".cancel")).focus();
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
        if (!api.isAborted(error) && !signal.aborted) await showError(error);
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
        if (version === startVersion) await show(body, change, headers.get("ETag"));
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

  async function show(body, change, etag) {
    const startVersion = version;
    const errors = body.errors.slice(0, maxErrors);
    const values = await readValues(errors, { signal });
    if (version !== startVersion) return;
    const isPossible = body.errorCount === 0 && body.changed > 0;
    previewed = isPossible ? { change, etag, key: api.newIdempotencyKey() } : null;
    apply.hidden = !isPossible;
    apply.textContent = `${verb} ${counted(body.changed)}`;
    const sample = body.numbers;
    const names = members.map(({ name }) => name).filter((name) =>
      name !== "value" && (change.delete || sample.some(({ before, after }) => differing(before, after).includes(name)))
    );
    outcome.replaceChildren(make(
      "div.content",
      errors.length > 0
        ? [
          make("p.error", `${counted(body.errorCount, "error")}: nothing can be changed.`),
          grid(
            "Errors",
            ["Number", "What is wrong"],
            errors.map(({ id, pointer, detail }) => [
              values.get(id) ?? `ID ${id}`,
              `${labelOf(pointer.slice(1))} ${detail}`,
            ]),
          ),
          shownOf(errors.length, body.errorCount),
        ]
        : [
          make(
            "p",
            make("strong", counted(body.selected)),
            ` selected: ${localized(body.changed)} ${change.delete ? "would be deleted" : "would change"}`,
            body.unchanged > 0 && `, ${localized(body.unchanged)} would stay the same`,
            ".",
          ),
          Object.entries(body.prices ?? {}).map(([name, result]) => effect(name, change.set[name], result)),
          sample.length > 0 && previewGrid(sample, names),
          shownOf(sample.length, body.changed),
        ],
    ));
  }

  async function showError(error) {
    const { errors, preview: other } = error.problem ?? {};
    previewButton.hidden = false;
    if (error.status === 412 && other) {
      problem.replaceChildren(
        make("p", "The numbers have changed in the meantime. Nothing was done. This is the new preview:"),
      );
      isOutcomeUnknown = false;
      await show(other, previewed.change, error.etag);
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

/** The phone numbers of errors, by id. */
async function readValues(errors, options) {
  const ids = new Set(errors.map(({ id }) => id));
  if (ids.size === 0) return new Map();
  // Without the phone numbers, the errors name the ids.
  const found = await api.list(`id=${[...ids].join(",")}`, options).catch(() => null);
  return new Map(found?.body.map(({ id, value }) => [id, value]));
}
