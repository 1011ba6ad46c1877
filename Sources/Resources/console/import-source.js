// The rows to import: a file, or pasted text.

import { warnBeforeLeaving } from "./dialog.js";
import { make } from "./elements.js";
import { members } from "./members.js";
import { user } from "./session.js";

/** Pasted rows stay until they are imported or discarded: in the field, and in `sessionStorage` on a reload. */
const maxStored = 1_000_000;
const key = `pasted ${user().username}`;
export const pasted = make("textarea#pasted", {
  rows: "6",
  spellcheck: "false",
  autocomplete: "off",
  placeholder: members.map(({ label }) => label).join(";"),
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

/** Stores the pasted rows, or removes the stored ones. */
export function storePasted() {
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

/**
 * Reads a file, or the pasted rows without one. It is read only once: it may change later, and browsers differ in what
 * they then read or send.
 * @returns the `body` and its media `type`, how many lines were added, and the rows if they were `pasted`.
 */
export async function readSource(file) {
  if (!file) {
    const { text, addedLines } = rowsFrom(pasted.value);
    return { body: text, type: typeOf(text), addedLines, pasted: pasted.value };
  }
  const body = await file.arrayBuffer();
  return { body, type: typeOf(new TextDecoder().decode(body.slice(0, 100))), addedLines: 0, pasted: null };
}
