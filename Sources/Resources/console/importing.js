// Imports a price list: a check reports errors with their lines before the import.

import * as api from "./api.js";
import { unknownOutcome, warnBeforeLeaving, whileBusy } from "./dialog.js";
import { button, counted, focusHeading, labelled, localized, make, select, title } from "./elements.js";
import { errorForm, hasChoices, noChoices, parametersOf } from "./import-errors.js";
import { readable, rowPreview, summary } from "./import-report.js";
import { pasted, readSource, storePasted } from "./import-source.js";
import { notify } from "./notices.js";
import { notifyDone } from "./undo.js";

const maxFileSize = 64 * 1024 * 1024;
const modes = [["upsert", "Change it"], ["create", "Report an error"], ["update", "Change it, and accept no new ones"]];

/** The file and its corrections, kept while another page is shown. */
let kept = null;

export function open(container, { signal }) {
  /** The file as it was read, with the user's choices: `{ body, type, addedLines, pasted, …noChoices() }`. */
  let source = null;
  /** The checked attempt, `{ source, parameters, key }`: the same bytes are imported. */
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
  const drop = make(
    "div#drop.panel",
    make(
      "label",
      { for: "file" },
      "A file, also dropped on this page: an Excel workbook, CSV, lines of JSON or a JSON array",
    ),
    fileInput,
  );
  const sheet = make("input#sheet", { autocomplete: "off", oninput: changeFile });
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
  const details = make("div#details");
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
      labelled("If a number already exists", mode),
      make("div.row", check, importButton, cancel, progress),
    ),
    report,
    problem,
    details,
  );
  changeFile();
  pasted.oninput = () => {
    storePasted();
    fileInput.value = "";
    changeFile();
  };
  acceptDrops();
  // Leaving the page ends a check. An import continues, and a notice reports its outcome on any page.
  signal.addEventListener("abort", () => {
    const hasCorrections = source && hasChoices(source) && !isImporting;
    kept = hasCorrections ? { files: fileInput.files, source, mode: mode.value, sheet: sheet.value } : null;
    if (isImporting) {
      progressNotice = notify("The import continues.", { action: { label: "Stop", run: () => request.abort() } });
    } else request?.abort();
  }, { once: true });

  /** A file can be dropped anywhere on the page. */
  function acceptDrops() {
    const listen = (type, listener) =>
      document.addEventListener(type, (event) => {
        if (event.dataTransfer.types.includes("Files")) listener(event);
      }, { signal });
    const mark = (event) => {
      event.preventDefault();
      drop.classList.toggle("over", event.type === "dragover");
    };
    listen("dragover", mark);
    listen("dragleave", mark);
    listen("drop", (event) => {
      mark(event);
      fileInput.files = event.dataTransfer.files;
      changeFile();
    });
  }

  function changeFile() {
    const [file] = fileInput.files;
    sheetField.hidden = !/\.xls[xm]$/i.test(file?.name ?? "");
    source = null;
    forget();
  }

  /** Clears the results of the last check. */
  function forget() {
    request?.abort();
    checked = null;
    importButton.hidden = true;
    for (const each of [report, problem, details]) each.replaceChildren();
    paintPrimary();
  }

  /** Only the next step is a primary button. */
  function paintPrimary() {
    check.classList.toggle("primary", importButton.hidden && !details.querySelector("#errors"));
  }

  async function load() {
    try {
      return { ...await readSource(fileInput.files[0]), ...noChoices() };
    } catch {
      fileInput.value = "";
      changeFile();
      throw new Error("The file cannot be read: it was changed or deleted. Choose the file again.");
    }
  }

  async function send({ source: { body, type }, parameters, key }, { dryRun }) {
    parameters.set("dryRun", dryRun);
    return await api.importFile(body, type, parameters, { signal: request.signal, key: dryRun ? null : key });
  }

  /** Shows the progress of `work`, with a button that cancels it. */
  async function withProgress(work) {
    request = new AbortController();
    cancel.hidden = progress.hidden = false;
    try {
      return await work();
    } finally {
      cancel.hidden = progress.hidden = true;
      if (document.activeElement === document.body) (importButton.hidden ? check : importButton).focus();
    }
  }
  const checkAll = () =>
    whileBusy([importButton, check], async () => {
      const [file] = fileInput.files;
      importButton.hidden = true;
      checked = null;
      report.replaceChildren();
      problem.replaceChildren();
      if (!file && !pasted.value.trim()) return problem.replaceChildren("Choose a file, or paste rows.");
      if (file?.size > maxFileSize) return problem.replaceChildren("The file is larger than 64 MiB. Divide it.");
      const attempt = { source, parameters: null, key: api.newIdempotencyKey() };
      try {
        const { body } = await withProgress(async () => {
          // Corrections belong to the lines of the file that was read.
          if (!source || !hasChoices(source)) attempt.source = source = await load();
          const sheetName = sheetField.hidden ? "" : sheet.value.trim();
          attempt.parameters = parametersOf(source, { mode: mode.value, errors: 10000, sheet: sheetName });
          return await send(attempt, { dryRun: true });
        });
        showChecked(body, attempt);
      } catch (error) {
        showError(error, attempt);
      }
      paintPrimary();
    });

  function showChecked(body, attempt) {
    checked = attempt;
    const count = body.created + body.changed;
    report.replaceChildren(summary(body, "checked", attempt.source));
    details.replaceChildren(rowPreview(body, lineIn(attempt.source)) ?? "");
    importButton.hidden = count === 0;
    importButton.textContent = `Import ${counted(count)}`;
    if (count > 0) importButton.focus();
    else focusHeading();
  }

  async function importAll() {
    const attempt = checked;
    const release = warnBeforeLeaving(() => true);
    isImporting = true;
    try {
      const response = await withProgress(() => send(attempt, { dryRun: false }));
      if (pasted.value === attempt.source.pasted) pasted.value = "";
      storePasted();
      fileInput.value = "";
      changeFile();
      const { created, changed } = response.body;
      report.replaceChildren(summary(response.body, "imported", attempt.source));
      const change = response.headers.get("Change-Id");
      notifyDone(`${counted(created + changed)} imported.`, response, {
        link: created > 0
          ? { label: "Show newest first", href: "/?sort=-id" }
          : change && { label: "See them", href: `/changes/${change}` },
      });
      report.focus();
    } catch (error) {
      showError(error, attempt);
    } finally {
      isImporting = false;
      paintPrimary();
      progressNotice?.dismiss();
      release();
    }
  }

  function showError(error, attempt) {
    const isLost = isImporting && (api.isAborted(error) || error.isLost);
    const text = api.isAborted(error) ? "Stopped." : readable(error.message);
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
    const hasErrors = error.problem?.errors?.length > 0 && error.problem.rows != null;
    // The same import may be sent again, unless its rows were rejected or the form has changed.
    importButton.hidden = checked !== attempt || hasErrors;
    if (hasErrors) showErrors(error.problem, attempt.source);
    else problem.replaceChildren(make("p.error", text), isLost ? unknownOutcome(importButton.textContent) : "");
  }

  function showErrors(found, current) {
    const lineOf = lineIn(current);
    const { errorCount, stoppedAtLine } = found;
    const end = stoppedAtLine ? ` up to line ${localized(Number(lineOf(stoppedAtLine)))}, where reading stopped` : "";
    report.replaceChildren(summary(found, "checked", current));
    problem.replaceChildren(
      make(
        "p.error",
        `${counted(errorCount, "error")}${end}: nothing was imported. `,
        `Correct ${errorCount === 1 ? "it" : "them"} and check again.`,
      ),
    );
    details.replaceChildren(
      isSeparatorUnknown(found)
        ? make(
          "div.row",
          "These prices have a ",
          [[".", "point"], [",", "comma"]].map(([decimal, word]) =>
            button(`decimal ${word}`, {
              onclick: () => {
                current.decimal = decimal;
                checkAll();
              },
            })
          ),
        )
        : "",
      errorForm({ problem: found, source: current, lineOf, check: checkAll }),
      rowPreview(found, lineOf) ?? "",
    );
    details.querySelector("td input, select, button").focus();
  }

  /** Converts a line number to the pasted text, which lacks the added header. */
  const lineIn = ({ addedLines }) => (line) => String(Math.max(1, line - addedLines));

  /** Whether no price of a table shows which decimal separator the table uses. */
  const isSeparatorUnknown = ({ decimal, errors }) =>
    decimal === null && errors.some(({ detail }) => detail.startsWith("could be "));

  if (kept) {
    fileInput.files = kept.files;
    sheet.value = kept.sheet;
    mode.value = kept.mode;
    changeFile();
    source = kept.source;
    checkAll();
  }
}
