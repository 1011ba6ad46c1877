// Imports a price list: a check reports errors with their lines before the import.

import * as api from "./api.js";
import { query } from "./address.js";
import { unknownOutcome, warnBeforeLeaving, whileBusy } from "./dialog.js";
import { button, choice, counted, grid, labelled, make, select, title } from "./elements.js";
import { labelOf, members } from "./members.js";
import { notify } from "./notices.js";
import { user } from "./session.js";
import { notifyDone } from "./undo.js";

const maxFileSize = 64 * 1024 * 1024;
const modes = [["upsert", "New numbers are added, known ones changed"], ["create", "All are new"], [
  "update",
  "All are known already",
]];
const types = {
  csv: "text/csv",
  tsv: "text/csv",
  txt: "text/csv",
  ndjson: "application/x-ndjson",
  jsonl: "application/x-ndjson",
  json: "application/json",
};

/** Pasted rows stay until they are imported or deleted: in the field across pages, in `sessionStorage` on a reload. */
const maxStored = 1_000_000;
const key = `pasted ${user().username}`;
const pasted = make("textarea#pasted", {
  rows: "6",
  spellcheck: "false",
  autocomplete: "off",
  placeholder: members.map(({ name }) => name).join(";"),
});
pasted.value = stored();
warnBeforeLeaving(() => pasted.value !== stored());

function stored() {
  try {
    return sessionStorage.getItem(key) ?? "";
  } catch {
    return "";
  }
}

function store() {
  try {
    sessionStorage.removeItem(key);
    if (pasted.value && pasted.value.length <= maxStored) sessionStorage.setItem(key, pasted.value);
  } catch { /* No room: `warnBeforeLeaving` applies. */ }
}

function typeOf(text) {
  const start = text.trimStart()[0];
  return start === "[" ? "application/json" : start === "{" ? "application/x-ndjson" : "text/csv";
}

/** Adds the header that cells copied from a spreadsheet may lack. */
function rowsFrom(text) {
  if (!text.includes("\t") || typeOf(text) !== "text/csv") return { text, addedLines: 0 };
  const names = members.flatMap(({ name, label }) => [name.toLowerCase(), label.toLowerCase()]);
  const cells = text.split(/[\r\n]/, 1)[0].split("\t").map((cell) => cell.trim().toLowerCase());
  if (cells.some((cell) => names.includes(cell))) return { text, addedLines: 0 };
  const head = members.map(({ name }) => name).slice(0, cells.length).join("\t");
  return { text: `${head}\n${text}`, addedLines: 1 };
}

export function open(container, { signal }) {
  /** The checked attempt: the same bytes are imported. */
  let checked = null;
  let request = null;
  let isImporting = false;
  /** The notice after the user left the page during an import. */
  let progressNotice = null;
  const fileInput = make("input#file", {
    type: "file",
    accept: ".csv,.tsv,.txt,.xlsx,.xlsm,.json,.jsonl,.ndjson,text/csv,application/json",
    onchange: changeFile,
    oncancel: changeFile,
  });
  const name = make("p#file-name.soft");
  const drop = make(
    "div#drop.panel",
    make("label", { for: "file" }, "A file: an Excel workbook, CSV, lines of JSON or a JSON array"),
    fileInput,
    name,
  );
  const sheet = make("input#sheet", { autocomplete: "off", oninput: forget });
  const sheetField = labelled("The sheet (the first one if empty)", sheet);
  const mode = select({ id: "mode", onchange: forget }, modes);
  const check = make("button.primary", { id: "check" }, "Check");
  const importButton = button("Import", {
    id: "take",
    class: "primary",
    hidden: true,
    onclick: () => whileBusy([importButton, check], importAll),
  });
  const cancel = button("Cancel", { id: "stop", hidden: true, onclick: () => request?.abort() });
  const progress = make("progress", { "aria-label": "Reading", hidden: true });
  const report = make("div#report", { role: "status", tabindex: "-1" });
  const problem = make("div#import-problem", { role: "alert" });
  container.append(
    title("Import"),
    make(
      "form",
      {
        id: "import",
        onsubmit: (event) => {
          event.preventDefault();
          checkAll();
        },
      },
      make("p.soft", "Check changes nothing. Import writes all rows or none, and can be undone."),
      drop,
      sheetField,
      labelled("Or rows, pasted from a spreadsheet", pasted),
      labelled("What the list is ", mode),
      make("div.row", check, importButton, cancel, progress),
    ),
    report,
    problem,
  );
  changeFile();
  pasted.oninput = () => {
    store();
    fileInput.value = "";
    changeFile();
  };

  for (const type of ["dragenter", "dragover"]) {
    drop.addEventListener(type, (event) => {
      event.preventDefault();
      drop.classList.add("over");
    });
  }
  for (const type of ["dragleave", "drop"]) drop.addEventListener(type, () => drop.classList.remove("over"));
  drop.addEventListener("drop", (event) => {
    event.preventDefault();
    fileInput.files = event.dataTransfer.files;
    changeFile();
  });
  // Leaving the page ends a check. An import continues, and a notice reports its outcome on any page.
  signal.addEventListener("abort", () => {
    if (isImporting) {
      progressNotice = notify("The import continues.", { action: { label: "Stop", run: () => request.abort() } });
    } else request?.abort();
  }, { once: true });

  function changeFile() {
    const [file] = fileInput.files;
    name.textContent = file ? file.name + (pasted.value ? ", instead of the pasted rows" : "") : "or drop one here";
    sheetField.hidden = !/\.xls[xm]$/i.test(file?.name ?? "");
    forget();
  }

  function forget() {
    request?.abort();
    checked = null;
    importButton.hidden = true;
    report.replaceChildren();
    problem.replaceChildren();
  }

  /** Reads the file only once: it may change later, and browsers differ in what they then read or send. */
  async function load(attempt, file) {
    try {
      attempt.body = await file.arrayBuffer();
    } catch {
      fileInput.value = "";
      changeFile();
      throw new Error("The file cannot be read: it was changed or deleted. Choose the file again.");
    }
    attempt.type = types[file.name.split(".").pop().toLowerCase()] ??
      typeOf(new TextDecoder().decode(attempt.body.slice(0, 100)));
  }

  /** @type {(attempt: any, options: { file?: File, dryRun?: boolean }) => Promise<APIResponse<any>>} */
  async function send(attempt, { file, dryRun = false }) {
    const controller = (request = new AbortController());
    cancel.hidden = progress.hidden = false;
    try {
      if (file) await load(attempt, file);
      const options = {
        mode: attempt.mode,
        dryRun,
        decimal: attempt.decimal,
        ignore: attempt.ignore,
        sheet: attempt.sheet,
      };
      return await api.importFile(attempt.body, attempt.type, query(options), {
        signal: controller.signal,
        key: dryRun ? null : attempt.key,
      });
    } finally {
      cancel.hidden = progress.hidden = true;
      if (document.activeElement === document.body) (importButton.hidden ? check : importButton).focus();
    }
  }

  const checkAll = ({ decimal = "", ignore = "" } = {}) =>
    whileBusy([importButton, check], async () => {
      forget();
      const [file] = fileInput.files;
      if (!file && !pasted.value.trim()) return problem.replaceChildren("Choose a file, or paste rows.");
      if (file?.size > maxFileSize) return problem.replaceChildren("The file is larger than 64 MiB. Divide it.");
      const { text, addedLines } = rowsFrom(file ? "" : pasted.value);
      const attempt = {
        body: text,
        type: typeOf(text),
        addedLines,
        pasted: file ? null : pasted.value,
        mode: mode.value,
        decimal,
        ignore,
        sheet: sheetField.hidden ? "" : sheet.value.trim(),
        key: api.newIdempotencyKey(),
      };
      try {
        const { body } = await send(attempt, { file, dryRun: true });
        checked = attempt;
        const count = body.created + body.changed;
        showReport(body, "would be");
        importButton.hidden = count === 0;
        importButton.textContent = `Import ${counted(count)}`;
        if (count > 0) importButton.focus();
      } catch (error) {
        showError(error, attempt);
      }
    });

  async function importAll() {
    const attempt = checked;
    const release = warnBeforeLeaving(() => true);
    isImporting = true;
    try {
      const response = await send(attempt, {});
      if (pasted.value === attempt.pasted) pasted.value = "";
      store();
      fileInput.value = "";
      changeFile();
      showReport(response.body, "are");
      const change = response.headers.get("Change-Id");
      notifyDone(`${counted(response.body.created + response.body.changed)} imported.`, response, {
        link: change && { label: "See them", href: `/changes/${change}` },
      });
      report.focus();
    } catch (error) {
      showError(error, attempt);
    } finally {
      isImporting = false;
      progressNotice?.dismiss();
      release();
    }
  }

  function showReport({ rows, created, changed, unchanged, decimal, notes }, verb) {
    report.replaceChildren(
      make(
        "dl.figures",
        [[rows, "rows"], [created, `${verb} new`], [changed, `${verb} changed`], [unchanged, "stay as they are"]]
          .map(([count, text]) => make("div", make("dt", text), make("dd", count.toLocaleString()))),
      ),
      decimal ? make("p.soft", `Prices read with a decimal ${decimal === "," ? "comma" : "point"}.`) : "",
      ...notes.map((note) => make("p.soft", note)),
    );
  }

  function showError(error, attempt) {
    const errors = error.problem?.errors ?? [];
    const isLost = isImporting && (api.isAborted(error) || error.isLost);
    const text = api.isAborted(error) ? "Stopped." : error.message;
    if (signal.aborted) {
      if (isImporting) {
        notify(isLost ? `${text} This may have been done.` : text, {
          isError: true,
          link: { label: "Changes", href: "/changes" },
          action: isLost ? { label: "Import again", run: importAll } : null,
        });
      }
      return;
    }
    // The same import may be sent again, unless its rows were rejected or the form has changed.
    importButton.hidden = checked !== attempt || errors.length > 0;
    if (errors.length === 0) {
      return problem.replaceChildren(make("p.error", text), isLost ? unknownOutcome(importButton.textContent) : "");
    }
    if (error.problem.rows != null) showReport(error.problem, "would be");
    const { errorCount, stoppedAtLine } = error.problem;
    const end = stoppedAtLine ? ` up to line ${lineOf(stoppedAtLine, attempt)}, where reading stopped` : "";
    problem.replaceChildren(
      make(
        "p.error",
        `${counted(errorCount ?? errors.length, "error")}${end}: nothing was imported. Correct them and check again.`,
      ),
      isSeparatorUnknown(error.problem)
        ? make(
          "div.row",
          "These prices have a ",
          ...[[".", "point"], [",", "comma"]].map(([decimal, name]) =>
            button(`decimal ${name}`, { onclick: () => checkAll({ ...attempt, decimal }) })
          ),
        )
        : "",
      unknownColumns(error.problem.unknown ?? [], attempt),
      grid(
        "Errors",
        ["Line", "Error"],
        errors.map((
          { line, pointer, detail },
        ) => [
          line && String(lineOf(line, attempt)),
          `${labelOf(pointer.slice(1))} ${
            detail.replace(/\bline (\d+)/g, (_, other) => `line ${lineOf(other, attempt)}`)
          }`,
        ]),
      ),
    );
  }

  /** Offers to check again without columns that are no members. A comma separates two names. */
  function unknownColumns(names, attempt) {
    if (names.length === 0) return "";
    const boxes = names.map((name) =>
      make("input", { type: "checkbox", value: name.replaceAll(",", " "), checked: true })
    );
    const ignore = () =>
      [attempt.ignore, ...boxes.filter(({ checked }) => checked).map(({ value }) => value)].filter(Boolean).join(",");
    return make(
      "fieldset#unknown",
      make("legend", "Unknown columns"),
      boxes.map((box, index) => choice(box, names[index])),
      button("Ignore these columns", { onclick: () => checkAll({ ...attempt, ignore: ignore() }) }),
    );
  }

  /** Converts a line number to the pasted text, which lacks the added header. */
  const lineOf = (line, { addedLines }) => Math.max(1, line - addedLines);

  /** Whether no price of a table shows which decimal separator the table uses. */
  const isSeparatorUnknown = ({ decimal, errors }) =>
    decimal === null && errors.some(({ detail }) => detail.startsWith("could be "));
}
