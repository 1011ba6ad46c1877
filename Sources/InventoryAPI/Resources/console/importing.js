// A price list taken in: what would happen first, with the faults and their lines, then all of it.

import * as api from "./api.js";
import { guard, whileBusy } from "./dialog.js";
import { button, counted, grid, labelled, make, select, title } from "./elements.js";
import { labelOf, members } from "./members.js";
import { tell } from "./notices.js";
import { tellDone } from "./undo.js";

const largest = 64 * 1024 * 1024;
const modes = [["upsert", "New numbers are added, known ones changed"], ["create", "All are new"], ["update", "All are known already"]];
const types = { csv: "text/csv", txt: "text/csv", ndjson: "application/x-ndjson", jsonl: "application/x-ndjson", json: "application/json" };

/** Of which media type a text is. */
function typeOf(text) {
  const start = text.trimStart()[0];
  return start === "[" ? "application/json" : start === "{" ? "application/x-ndjson" : "text/csv";
}

/** What a spreadsheet copies has tabs between its cells, and may have no names above them. */
export function rowsFrom(text) {
  if (!text.includes("\t") || typeOf(text) !== "text/csv") return { text, added: 0 };
  const names = Object.fromEntries(members.flatMap(({ name, label }) => [[name.toLowerCase(), name], [label.toLowerCase(), name]]));
  const rows = text.split(/\r?\n/).map((line) => line.split("\t").map((cell) => cell.trim()));
  const head = rows[0].map((cell) => names[cell.toLowerCase()]);
  const isHead = head.some(Boolean);
  const quoted = (cell) => (/[;"]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);
  const lines = rows.map((cells) => cells.map(quoted).join(";"));
  if (isHead) lines[0] = head.map((name, index) => name ?? rows[0][index]).join(";");
  else lines.unshift(members.map(({ name }) => name).slice(0, rows[0].length).join(";"));
  return { text: lines.join("\r\n"), added: isHead ? 0 : 1 };
}

export function open(place, { signal }) {
  /** What was tried, `{ body, type, added, mode }`, so that the same is imported. */
  let tried = null;
  let request = null;
  let isImporting = false;
  /** What is told to who has left the page meanwhile. */
  let goingOn = null;
  let file = null;
  const chosen = make("input#file", { type: "file", accept: ".csv,.txt,.json,.jsonl,.ndjson,text/csv,application/json", onchange: () => choose(chosen.files[0]) });
  const name = make("p#file-name.soft", "or drop one here");
  const drop = make("div#drop.panel", make("label", { for: "file" }, "A file: CSV, lines of JSON or a JSON array"), chosen, name);
  const pasted = make("textarea#pasted", { rows: "6", spellcheck: "false", autocomplete: "off", placeholder: members.map(({ name }) => name).join(";"), oninput: () => choose(null) });
  const mode = select({ id: "mode", onchange: forget }, modes);
  const check = make("button.primary", { id: "check" }, "Check");
  const take = button("Import", { id: "take", class: "primary", hidden: true, onclick: () => whileBusy([take, check], importAll) });
  const cancel = button("Cancel", { id: "stop", hidden: true, onclick: () => request?.abort() });
  const progress = make("progress", { "aria-label": "Reading", hidden: true });
  const report = make("div#report", { role: "status", tabindex: "-1" });
  const problem = make("div#import-problem", { role: "alert" });
  place.append(title("Import"),
    make("form", { id: "import", onsubmit: (event) => { event.preventDefault(); whileBusy([take, check], tryOut); } },
      make("p.soft", "First it is only checked: nothing happens before you press Import, and then all of it or nothing. You can undo it."),
      drop, labelled("Or rows, pasted from a spreadsheet", pasted),
      labelled("What the list is ", mode),
      make("div.row", check, take, cancel, progress)), report, problem);

  for (const type of ["dragenter", "dragover"]) drop.addEventListener(type, (event) => {
    event.preventDefault();
    drop.classList.add("over");
  });
  for (const type of ["dragleave", "drop"]) drop.addEventListener(type, () => drop.classList.remove("over"));
  drop.addEventListener("drop", (event) => {
    event.preventDefault();
    choose(event.dataTransfer.files[0]);
  });
  // A check ends with the page. An import goes on, and tells its outcome wherever somebody is by then.
  signal.addEventListener("abort", () => {
    if (isImporting) goingOn = tell("The import goes on.", { action: { label: "Stop", run: () => request.abort() } });
    else request?.abort();
  }, { once: true });

  function choose(next) {
    file = next ?? null;
    if (file) pasted.value = "";
    else chosen.value = "";
    name.textContent = file ? `${file.name}, ${Math.ceil(file.size / 1000).toLocaleString()} KB` : "or drop one here";
    forget();
  }

  function forget() {
    request?.abort();
    tried = null;
    take.hidden = true;
    report.replaceChildren();
    problem.replaceChildren();
  }

  async function send(dryRun, { body, type, mode: way }) {
    const own = (request = new AbortController());
    cancel.hidden = progress.hidden = false;
    try {
      return await api.importFile(body, type, `mode=${way}&dryRun=${dryRun}`, { signal: own.signal });
    } finally {
      cancel.hidden = progress.hidden = true;
      if (document.activeElement === document.body) (take.hidden ? check : take).focus();
    }
  }

  async function tryOut() {
    forget();
    if (!file && !pasted.value.trim()) return problem.replaceChildren("Choose a file, or paste rows.");
    if (file?.size > largest) return problem.replaceChildren("The file is larger than 64 MiB. Divide it.");
    const { text, added } = file ? { added: 0 } : rowsFrom(pasted.value);
    const kind = file ? types[file.name.split(".").pop().toLowerCase()] ?? typeOf(await file.slice(0, 100).text()) : typeOf(text);
    const attempt = { body: file ?? text, type: kind, added, mode: mode.value };
    try {
      const { body } = await send(true, attempt);
      tried = attempt;
      const count = body.created + body.changed;
      tellReport(body, "would be");
      take.hidden = count === 0;
      take.textContent = `Import ${counted(count)}`;
      if (count > 0) take.focus();
    } catch (error) {
      refuse(error, attempt);
    }
  }

  async function importAll() {
    const attempt = tried;
    const release = guard(() => true);
    isImporting = true;
    try {
      const answer = await send(false, attempt);
      pasted.value = "";
      choose(null);
      tellReport(answer.body, "are");
      const change = answer.headers.get("Change-Id");
      tellDone(`${counted(answer.body.created + answer.body.changed)} imported.`, answer, { link: change && { label: "See them", href: `/changes/${change}` } });
      report.focus();
    } catch (error) {
      refuse(error, attempt);
    } finally {
      isImporting = false;
      goingOn?.dismiss();
      release();
    }
  }

  function tellReport({ rows, created, changed, unchanged }, verb) {
    report.replaceChildren(make("dl.figures", [[rows, "rows"], [created, `${verb} new`], [changed, `${verb} changed`], [unchanged, "stay as they are"]]
      .map(([count, text]) => make("div", make("dt", text), make("dd", count.toLocaleString())))));
  }

  function refuse(error, attempt) {
    const text = api.isDropped(error) ? "Stopped. If it was being imported, Changes tells whether it was done." : error.message;
    if (signal.aborted) {
      if (isImporting) tell(text, { isFault: true, link: { label: "Changes", href: "/changes" } });
      return;
    }
    take.hidden = true;
    if (api.isDropped(error)) return problem.replaceChildren(text);
    const faults = error.problem?.errors ?? [];
    if (error.problem?.rows != null) tellReport(error.problem, "would be");
    problem.replaceChildren(make("p.fault", faults.length > 0 ? `${counted(error.problem.errorCount ?? faults.length, "fault")}: nothing was done. Correct them and check again.` : text),
      faults.length > 0 ? grid("Faults", ["Line", "What is wrong"], faults.map(({ line, pointer, detail }) => [line && String(line - (attempt?.added ?? 0)), `${labelOf(pointer.slice(1))} ${detail}`])) : "");
  }

  return {};
}
