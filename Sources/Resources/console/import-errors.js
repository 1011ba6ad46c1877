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
  const errors = problem.errors.map(({ pointer, detail, ...error }) => ({
    ...error,
    at: lineOf(error.line),
    member: pointer.slice(1),
    text: readable(detail).replace(/\bline (\d+)/g, (_, line) => `line ${lineOf(line)}`),
  })).filter(({ member, text }) =>
    // The selects of unknown columns already ask for it.
    !unknown.includes(member) && !(unknown.length > 0 && text.startsWith("has no header"))
  );
  return make(
    "form#errors",
    {
      onsubmit: (event) => {
        event.preventDefault();
        const selects = event.currentTarget.querySelectorAll("select");
        unknown.forEach((name, index) => source.columns.set(name, selects[index].value));
        check();
      },
    },
    unknown.length > 0 && unknownColumns(unknown, source),
    errors.length > 0 && errorPages(errors, source, problem.decimal),
    make(
      "div.row",
      make("button.primary", "Check again"),
      errors.length > 0 && [
        button("Download errors", { onclick: () => download(errors, source, problem) }, "download"),
        make(
          "span.soft",
          "Corrections apply to this import, not to the file.",
          !problem.separator && " The download has no other cells.",
        ),
      ],
    ),
  );
}

/** A select for each unknown column: ignore it, or read it as a member. */
function unknownColumns(names, { columns }) {
  const choices = [["", "Ignore"], ...members.map(({ name, label }) => [name, label])];
  return make(
    "fieldset#unknown",
    make("legend", "Unknown columns"),
    names.map((name, index) => labelled(name, select({ id: `unknown-${index}` }, choices, columns.get(name)))),
  );
}

/** The errors, a hundred a page. */
function errorPages(errors, source, decimal) {
  const place = make("div");
  const show = (start) => {
    const rows = errors.slice(start, start + perPage).map((error) => errorRow(error, source, decimal));
    place.replaceChildren(grid("Errors", ["Line", "Number", "Column", "Content", "What is wrong", "Leave out"], rows));
    const turn = (text, to) =>
      button(text, {
        hidden: to < 0 || to >= errors.length,
        onclick: () => {
          show(to);
          place.querySelector("input").focus();
        },
      });
    const range = `${localized(start + 1)}–${localized(start + rows.length)} of ${localized(errors.length)}`;
    if (errors.length > perPage) {
      place.append(
        make("div.row", turn("Previous errors", start - perPage), range, turn("Next errors", start + perPage)),
      );
    }
  };
  show(0);
  return place;
}

function errorRow({ line, at, member, number, content, text }, { corrections, skipped }, decimal) {
  const isCell = number != null || content != null;
  const cell = `${line}:${member}`;
  return [
    at,
    number,
    labelOf(member),
    isCell && member
      ? make("input", {
        value: corrections.get(cell) ?? content ?? "",
        "aria-label": `${labelOf(member)}, line ${at}`,
        autocomplete: "off",
        onkeydown: goToNext,
        oninput: ({ currentTarget: input }) => {
          try {
            corrections.set(cell, read(member, input.value, decimal));
            input.setCustomValidity("");
          } catch ({ message }) {
            input.setCustomValidity(`${labelOf(member)} ${message}.`);
          }
        },
      })
      : content,
    capitalize(text),
    (isCell || (member === "" && line > 1)) && make("input", {
      type: "checkbox",
      checked: skipped.has(line),
      "aria-label": `Leave out line ${at}`,
      "data-line": line,
      onchange: ({ currentTarget: { checked, form } }) => {
        skipped[checked ? "add" : "delete"](line);
        for (const box of form.querySelectorAll("input")) if (box.dataset.line === String(line)) box.checked = checked;
      },
    }),
  ];
}

/** A correction in the API's format; a price may have the file's decimal comma, too. */
function read(member, text, decimal) {
  if (member === "id") return text.trim();
  return readMember(member, decimal === "," ? text.replace(/^(\s*\d+),(\d+\s*)$/, "$1.$2") : text);
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

/** Saves the errors as CSV. */
function download(errors, source, problem) {
  const lines = problem.separator ? rowsWithErrors(errors, source, problem) : listed(errors);
  saveFile(["\ufeff", ...lines.map((line) => `${line}\r\n`)], "text/csv", "import-errors.csv");
}

const quoted = (text = "") => `"${text.replaceAll('"', '""')}"`;

/** The errors as a table. An apostrophe keeps a spreadsheet from reading a cell as a formula. */
const listed = (errors) =>
  [
    ["Line", "Number", "Column", "Content", "Error"],
    ...errors.map(({ at, number, member, content, text }) => [at, number, labelOf(member), content, text]),
  ].map((row) => row.map((cell = "") => quoted(cell.replace(/^[=+@-]/, "'$&"))).join());

/** The rows with errors as the file has them, each with a cell that explains its errors. */
export function rowsWithErrors(errors, { body }, { separator, encoding }) {
  const isBigEndian = new Uint8Array(body)[0] === 0xfe;
  const text = typeof body === "string" ? body : new TextDecoder(isBigEndian ? "UTF-16BE" : encoding).decode(body);
  const lines = text.split(/\r\n?|\n/);
  const head = lines.findIndex((line) => line.replaceAll(separator, "").trim() && !/^"?sep=/i.test(line));
  const found = new Map([[head + 1, ["Error"]]]);
  for (const { line, member, text } of errors) {
    const reason = [labelOf(member), text].join(" ").trim();
    found.set(line, [...found.get(line) ?? [], reason]);
  }
  return [...found].map(([line, reasons]) => rowAt(lines, line - 1) + separator + quoted(reasons.join("; ")));
}

/** A row, which continues on the next line if a quoted cell has a line break. */
function rowAt(lines, index) {
  let row = lines[index];
  while (row.split('"').length % 2 === 0 && index < lines.length - 1) row += `\n${lines[++index]}`;
  return row;
}
