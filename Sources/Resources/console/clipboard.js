// Copies and pastes cells and rows in the format of spreadsheets.

import * as api from "./api.js";
import { query } from "./address.js";
import { counted } from "./elements.js";
import { isTyping } from "./keyboard.js";
import { editableMember, members } from "./members.js";
import { notify, withModule } from "./notices.js";
import { mayWrite } from "./session.js";

const maxCopied = 10_000;

/** A row of cells. A spreadsheet would calculate with a phone number's plus, so the number is a text. */
export const rowOf = (number) =>
  members.map(({ name }) => name === "value" ? `="${number[name]}"` : editableMember(name, number[name])).join("\t");

export async function copyText(text, message) {
  try {
    await navigator.clipboard.writeText(text);
    notify(message);
  } catch {
    notify("The browser does not let this page copy.", { isError: true });
  }
}

/** @param start edits a cell; `done` is called with a message and the response after a change. */
export function createClipboard({ table, selection, list, start, done, signal }) {
  document.addEventListener("copy", (event) => {
    if (isTyping(event) || String(getSelection())) return;
    const number = table.currentNumber;
    const rows = selectedRows();
    if (rows.length < selection.count) copySelection(selection);
    else if (!selection.isEmpty) {
      event.clipboardData.setData("text/plain", rows.map(rowOf).join("\n"));
      notify(`${counted(rows.length)} copied.`);
    } else if (number) {
      event.clipboardData.setData("text/plain", editableMember(table.currentName, number[table.currentName]));
    } else return;
    event.preventDefault();
  }, { signal });

  const selectedRows = () => table.numbers().filter(({ id }) => selection.has(id));

  /** Copies numbers of other pages, too. */
  async function copySelection({ count, query: read }) {
    try {
      if (count > maxCopied) throw new Error(`At most ${counted(maxCopied)} can be copied. Export them instead.`);
      const response = await api.exportFile(
        query({ ...await read({ signal }), sort: list.wanted.sort, format: "ndjson" }),
        {
          signal,
        },
      );
      const lines = (await response.text()).trim().split("\n");
      await copyText(lines.map((line) => rowOf(JSON.parse(line))).join("\n"), `${counted(lines.length)} copied.`);
    } catch (error) {
      if (!api.isAborted(error)) notify(error.message, { isError: true });
    }
  }

  document.addEventListener("paste", (event) => {
    const number = table.currentNumber;
    if (!mayWrite() || !number || isTyping(event)) return;
    event.preventDefault();
    const text = event.clipboardData.getData("text/plain").replace(/\r?\n$/, "");
    const name = table.currentName;
    const isAlone = selection.isEmpty;
    if (name === "value") notify("Go to a price or a currency before you paste.", { isError: true });
    else if (isAlone && !/[\t\r\n]/.test(text)) start(table.cell(number.id, name), number, { text: text.trim() });
    else {
      const numbers = table.numbers();
      const rows = isAlone ? numbers.slice(numbers.indexOf(number)) : selectedRows();
      withModule("pasting", ({ paste }) => paste(text, { name, rows, selection: isAlone ? null : selection, done }));
    }
  }, { signal });
}
