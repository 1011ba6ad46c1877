// Exports the selected numbers, or all that match the filters.

import * as api from "./api.js";
import { filtersOf, query } from "./address.js";
import { open, whileBusy } from "./dialog.js";
import { alertLine, choice, counted, localized, make, saveFile } from "./elements.js";
import { describe } from "./filters.js";
import { notify } from "./notices.js";
import { formatPrice } from "./prices.js";

/** @type {[string, string, Record<string, string>][]} */
const formats = [
  ["comma", "CSV, separated by commas", { format: "csv" }],
  ["semicolon", "CSV for spreadsheets with decimal commas", { format: "csv", separator: ";", decimal: "," }],
  ["workbook", "Excel workbook", { format: "xlsx" }],
  ["lines", "Lines of JSON", { format: "ndjson" }],
];

const longestName = 100;

/** A file's name with its filters, without characters that a file system refuses. */
export function nameOf(given, descriptions) {
  const words = descriptions.map((text) => text[0].toLowerCase() + text.slice(1)).join("-");
  const safe = words.replace(/[^\p{L}\p{N}\p{Sc}.,+]+/gu, "-").slice(0, longestName);
  return safe ? given.replace("numbers-", `numbers-${safe}-`) : given;
}

const countLines = (bytes) => bytes.reduce((count, byte) => count + (byte === 10 ? 1 : 0), 0);

/** @param view has the table's filters and order. */
export function exportNumbers({ view, selection }) {
  const isComma = formatPrice("0.5").includes(",");
  const progress = make("p#export-progress", { role: "status" });
  const problem = alertLine("export-problem");
  const submit = make("button.primary", "Export");
  const ids = make("input", { type: "checkbox", name: "ids" });
  const isSelection = () => form.elements.scope?.value === "selection";
  const total = () => (isSelection() ? selection.count : selection.total);
  const paint = () => form.querySelector("h2").replaceChildren(`Export ${counted(total())}`);
  const scope = (value, label) =>
    choice(make("input", { type: "radio", name: "scope", value, checked: value === "selection" }), label);
  const { form, signal, close } = open({
    id: "export",
    title: "Export",
    actions: [submit],
    onSubmit: () => whileBusy([submit], save),
    content: [
      !selection.isEmpty &&
      make(
        "fieldset",
        { onchange: paint },
        make("legend", "Numbers"),
        scope("selection", `The ${counted(selection.count, "selected number")}`),
        scope("all", `All ${counted(selection.total)}${Object.keys(filtersOf(view)).length > 0 ? " that match" : ""}`),
      ),
      make(
        "fieldset",
        make("legend", "Format"),
        formats.map(([value, label]) =>
          choice(
            make("input", {
              type: "radio",
              name: "format",
              value,
              checked: value === (isComma ? "semicolon" : "comma"),
            }),
            label,
          )
        ),
      ),
      choice(ids, "Include IDs, so that an import can also change the phone numbers"),
      progress,
      problem,
    ],
  });
  paint();
  form.querySelector("input:checked").focus();

  async function save() {
    problem.textContent = "";
    progress.textContent = "Preparing the file …";
    try {
      const isSome = isSelection();
      const { sort, ...matching } = view;
      const chosen = isSome ? await selection.query({ signal }) : filtersOf(matching);
      const [, , options] = formats.find(([value]) => value === form.elements.format.value);
      const response = await api.exportFile(query({ ...chosen, sort, ...options, ids: ids.checked ? "true" : "" }), {
        signal,
      });
      const pieces = [];
      let size = 0;
      let lines = 0;
      for (const reader = response.body.getReader();;) {
        const { done, value } = await reader.read();
        if (done) break;
        pieces.push(value);
        size += value.length;
        lines += countLines(value);
        progress.textContent = `${localized(size / 1e6, { maximumFractionDigits: 1 })} MB so far`;
      }
      const given = /filename="?([^";]+)/.exec(response.headers.get("Content-Disposition") ?? "")?.[1] ?? "numbers.csv";
      const name = nameOf(
        given,
        isSome
          ? [`${selection.count} selected`]
          : Object.entries(filtersOf(view)).map(([name, value]) => describe(name, value)),
      );
      saveFile(pieces, response.headers.get("Content-Type"), name);
      const rows = { csv: lines - 1, ndjson: lines, xlsx: total() }[options.format];
      close();
      notify(`${counted(rows)} exported to ${name}.`);
    } catch (error) {
      if (api.isAborted(error) || signal.aborted) return;
      progress.textContent = "";
      problem.textContent = error instanceof TypeError ? "The file was cut off. Try again." : error.message;
    }
  }
}
