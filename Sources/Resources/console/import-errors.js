// The errors of a checked file, which the user corrects before the next check. The file stays as it is.

import { button, capitalize, grid, labelled, localized, make, saveFile, select } from "./elements.js";
import { readable } from "./import-report.js";
import { labelOf, members, readMember } from "./members.js";

const perPage = 100;
const maxAddress = 8000;

/** The user's choices about a file; a new file has none. */
export const noChoices = () => ({
  decimal: "",
  /** The member that a column is read as, by the column's name; empty if it is ignored. */
  columns: new Map(),
  /** The text of a cell, by `LINE:MEMBER`. */
  corrections: new Map(),
  /** The lines that are left out. */
  skipped: new Set(),
});

export const hasChoices = ({ decimal, columns, corrections, skipped }) =>
  decimal !== "" || columns.size + corrections.size + skipped.size > 0;

/** The choices and `others` as parameters of the API. @throws an Error if there are too many. */
export function parametersOf({ decimal, columns, corrections, skipped }, others) {
  const parameters = new URLSearchParams({ ...others, ...(decimal && { decimal }) });
  for (const [name, member] of columns) {
    const column = name.replaceAll(",", " ");
    parameters.append(member ? "assign" : "ignore", member ? `${column}:${member}` : column);
  }
  for (const [cell, text] of corrections) {
    if (!skipped.has(Number(cell.split(":")[0]))) parameters.append("correct", `${cell}:${text}`);
  }
  if (skipped.size > 0) parameters.set("skip", [...skipped].join(","));
  if (String(parameters).length > maxAddress) {
    throw new Error("These are too many corrections for this page. Correct the file itself.");
  }
  return parameters;
}

/**
 * A form with all errors of a file. It writes into `source`, and calls `check` to check the file again.
 * @param lineOf converts a line to the user's.
 */
export function errorForm({ problem, source, lineOf, check }) {
  const unknown = [...new Set([...source.columns.keys(), ...problem.unknown])];
  const errors = problem.errors.map(({ line, pointer, detail, number, content }) => {
    const member = pointer.slice(1);
    const text = readable(detail).replace(/\bline (\d+)/g, (_, other) => `line ${lineOf(other)}`);
    return { line, member, number, content, text };
  }).filter(({ member }) => !unknown.includes(member));
  const message = make("p.error", { role: "alert" });
  /** The cells whose text cannot be read, with the reason. */
  const unread = new Map();
  const form = make("form#errors", {
    onsubmit: (event) => {
      event.preventDefault();
      form.querySelectorAll("select").forEach(({ value }, index) => source.columns.set(unknown[index], value));
      message.textContent = [...unread.values()][0] ?? "";
      if (unread.size === 0) check();
    },
  });
  const correct = (error, typed) => {
    const cell = `${error.line}:${error.member}`;
    try {
      source.corrections.set(cell, read(error.member, typed, problem.decimal));
      unread.delete(cell);
    } catch (reason) {
      unread.set(cell, `Line ${lineOf(error.line)}: ${labelOf(error.member)} ${reason.message}.`);
    }
  };
  form.append(
    unknownColumns(unknown, source),
    errors.length > 0 ? errorPages(errors, { form, source, lineOf, correct }) : "",
    message,
    make(
      "div.row",
      make("button.primary", "Check again"),
      errors.length > 0 && [
        button("Download errors", { onclick: () => download(errors, lineOf) }, "download"),
        make("span.soft", "Corrections apply to this import. They do not change the file."),
      ],
    ),
  );
  return form;
}

/** A correction in the API's format; a price may have the file's decimal comma, too. */
function read(member, text, decimal) {
  if (!members.some(({ name }) => name === member)) return text.trim();
  return readMember(member, decimal === "," ? text.replace(/^(\s*\d+),(\d+\s*)$/, "$1.$2") : text);
}

/** A select for each unknown column: ignore it, or read it as a member. */
function unknownColumns(names, { columns }) {
  const choices = [["", "Ignore"], ...members.map(({ name, label }) => [name, label])];
  return names.length === 0 ? "" : make(
    "fieldset#unknown",
    make("legend", "Unknown columns"),
    names.map((name, index) => labelled(name, select({ id: `unknown-${index}` }, choices, columns.get(name)))),
  );
}

/** The errors, a hundred a page. */
function errorPages(errors, options) {
  const place = make("div");
  const show = (start) => {
    const shown = errors.slice(start, start + perPage);
    const turn = (text, to) =>
      button(text, {
        hidden: to < 0 || to >= errors.length,
        onclick: () => {
          show(to);
          place.querySelector("input").focus();
        },
      });
    place.replaceChildren(
      grid(
        "Errors",
        ["Line", "Number", "Column", "Content", "What is wrong", "Leave out"],
        shown.map((error) => errorRow(error, options)),
      ),
    );
    if (errors.length > perPage) {
      const previous = turn("Previous errors", start - perPage);
      const next = turn("Next errors", start + perPage);
      const range = `${localized(start + 1)}–${localized(start + shown.length)}`;
      place.append(make("div.row", previous, make("span", `${range} of ${localized(errors.length)}`), next));
    }
  };
  show(0);
  return place;
}

function errorRow(error, { form, source: { corrections, skipped }, lineOf, correct }) {
  const { line, member, number, content, text } = error;
  const isCell = number != null || content != null;
  const at = `line ${lineOf(line)}`;
  return [
    line && String(lineOf(line)),
    number,
    labelOf(member),
    isCell && member
      ? make("input", {
        value: corrections.get(`${line}:${member}`) ?? content ?? "",
        "aria-label": `${labelOf(member)}, ${at}`,
        autocomplete: "off",
        oninput: ({ currentTarget }) => correct(error, currentTarget.value),
        onkeydown: goToNext,
      })
      : content,
    capitalize(text),
    (isCell || (member === "" && line > 1)) && make("input", {
      type: "checkbox",
      checked: skipped.has(line),
      "aria-label": `Leave out ${at}`,
      "data-line": line,
      onchange: ({ currentTarget: { checked } }) => {
        skipped[checked ? "add" : "delete"](line);
        for (const other of form.querySelectorAll(`[data-line="${line}"]`)) other.checked = checked;
      },
    }),
  ];
}

/** Enter goes to the next content, and after the last one checks again. */
function goToNext(event) {
  if (event.key !== "Enter" || event.isComposing) return;
  const inputs = [...event.currentTarget.form.querySelectorAll("td input:not([type])")];
  const next = inputs[inputs.indexOf(event.currentTarget) + 1];
  if (!next) return;
  event.preventDefault();
  next.select();
}

/** Saves the errors as CSV. An apostrophe keeps a spreadsheet from reading a cell as a formula. */
function download(errors, lineOf) {
  const rows = errors.map(({ line, number, member, content, text }) => [
    line && lineOf(line),
    number,
    labelOf(member),
    content,
    text,
  ]);
  const cell = (text) => `"${String(text ?? "").replace(/^[=+@-]/, "'$&").replaceAll('"', '""')}"`;
  const csv = [["Line", "Number", "Column", "Content", "Error"], ...rows].map((row) => row.map(cell).join(",")).join(
    "\r\n",
  );
  saveFile(["\ufeff", csv, "\r\n"], "text/csv", "import-errors.csv");
}
