// Exports filtered numbers.

import * as api from "./api.js";
import { query } from "./address.js";
import { open, whileBusy } from "./dialog.js";
import { alertLine, choice, counted, make, saveFile } from "./elements.js";
import { formatPrice } from "./prices.js";

/** @type {[string, string, Record<string, string>][]} */
const formats = [
  ["comma", "CSV, separated by commas", { format: "csv" }],
  ["semicolon", "CSV for spreadsheets with decimal commas", { format: "csv", separator: ";", decimal: "," }],
  ["workbook", "Excel workbook", { format: "xlsx" }],
  ["lines", "Lines of JSON", { format: "ndjson" }],
];

/** @param view has the table's filters and order. */
export function exportNumbers({ view, count }) {
  const isComma = formatPrice("0.5").includes(",");
  const progress = make("p#export-progress", { role: "status" });
  const problem = alertLine("export-problem");
  const submit = make("button.primary", "Export");
  const ids = make("input", { type: "checkbox", name: "ids" });
  const { form, signal, close } = open({
    id: "export",
    title: `Export ${counted(count)}`,
    actions: [submit],
    onSubmit: () => whileBusy([submit], save),
    content: [
      make(
        "fieldset",
        make("legend", "As"),
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
      choice(ids, "With ids, to change numbers themselves by an import"),
      progress,
      problem,
    ],
  });
  form.querySelector("input:checked").focus();

  async function save() {
    problem.textContent = "";
    progress.textContent = "Asking the server …";
    try {
      const { page: _, perPage: __, ...matching } = view;
      const [, , options] = formats.find(([value]) => value === form.elements.format.value);
      const response = await api.exportFile(query({ ...matching, ...options, ids: ids.checked ? "true" : "" }), {
        signal,
      });
      const pieces = [];
      let size = 0;
      for (const reader = response.body.getReader();;) {
        const { done, value } = await reader.read();
        if (done) break;
        pieces.push(value);
        size += value.length;
        progress.textContent = `${(size / 1e6).toLocaleString(undefined, { maximumFractionDigits: 1 })} MB so far`;
      }
      const name = /filename="?([^";]+)/.exec(response.headers.get("Content-Disposition") ?? "")?.[1] ?? "numbers.csv";
      saveFile(pieces, response.headers.get("Content-Type"), name);
      close();
    } catch (error) {
      if (api.isAborted(error) || signal.aborted) return;
      progress.textContent = "";
      problem.textContent = error instanceof api.Problem ? error.message : "The file was cut off. Try again.";
    }
  }
}
