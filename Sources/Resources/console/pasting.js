// Pastes cells of a spreadsheet into the table: a preview first, then one change.

import * as api from "./api.js";
import { query } from "./address.js";
import { openBulkDialog } from "./bulk.js";
import { confirmCurrency } from "./currencies.js";
import { counted } from "./elements.js";
import { differing, labelOf, members, readMember } from "./members.js";
import { notify } from "./notices.js";

/** The most ids of a list's filter. */
const maxIDs = 500;
const columns = members.map(({ name }) => name).filter((name) => name !== "value");

/**
 * Pastes a value on all selected rows, or cells on as many rows.
 * @param name is the first column, `rows` are the rows of this page, selected or else from the focused one down.
 */
export async function paste(text, { name, rows, selection, done }) {
  const cells = text.split(/\r\n?|\n/).map((line) => line.split("\t"));
  const names = columns.slice(columns.indexOf(name));
  const isValue = cells.length === 1 && cells[0].length === 1;
  try {
    if (!isValue) check(cells, { rows, names, selection });
    const contents = await read(cells, rows, names);
    if (!contents) return;
    const count = isValue ? selection.count : contents.length;
    openBulkDialog({
      title: `Change ${counted(count)}`,
      verb: "Change",
      isReady: true,
      done: (changed, response) => done(`${counted(changed)} changed.`, response),
      ...(isValue
        ? { selected: selection.describe, describe: () => ({ set: { [name]: { to: contents[0][name] } } }) }
        : {
          selected: () => ({ ids: contents.map(({ id }) => id) }),
          describe: () => ({}),
          requests: requestsOf(contents),
        }),
    });
  } catch (error) {
    notify(error.message, { isError: true });
  }
}

/** @throws if the cells do not fit. */
export function check(cells, { rows, names, selection }) {
  const pasted = counted(cells.length, "row");
  const width = Math.max(...cells.map(({ length }) => length));
  if (width > names.length) {
    throw new Error(`You pasted ${width} columns, and the table has only ${names.length} from here.`);
  }
  if (selection && (selection.count !== rows.length || rows.length !== cells.length)) {
    throw new Error(`You pasted ${pasted}, and selected ${selection.count}: select as many as you paste, on one page.`);
  }
  if (rows.length < cells.length) {
    throw new Error(`You pasted ${pasted}, and the page has only ${rows.length} from here.`);
  }
}

/**
 * The content for each row, without empty cells; null if the user did not confirm a currency.
 * @throws if a cell is ambiguous.
 */
export async function read(cells, rows, names) {
  const confirmed = new Map([["", ""]]);
  const contents = [];
  for (const [index, line] of cells.entries()) {
    const content = { id: rows[index].id };
    for (const [column, text] of line.entries()) {
      const name = names[column];
      let value;
      try {
        value = readMember(name, text);
      } catch (error) {
        throw new Error(`${rows[index].value}: ${labelOf(name)} ${error.message}.`);
      }
      if (name === "currency") {
        if (!confirmed.has(value)) confirmed.set(value, await confirmCurrency(value));
        value = confirmed.get(value);
        if (value === null) return null;
      }
      if (value !== "") content[name] = value;
    }
    if (Object.keys(content).length > 1) contents.push(content);
  }
  if (contents.length === 0) throw new Error("The cells that you pasted are empty.");
  return contents;
}

/** Sends the contents as one import, which has the requests of a change of many numbers. */
function requestsOf(contents) {
  let isSent = false;
  const rowsOf = ({ select: { ids } }) => contents.filter(({ id }) => ids.includes(id));
  const send = (change, dryRun, options) => {
    const lines = rowsOf(change).map((row) => JSON.stringify(row)).join("\n");
    return api.importFile(lines, "application/x-ndjson", query({ mode: "update", dryRun }), options);
  };

  /** The tags of the numbers' current contents. */
  async function tagOf(change, options) {
    const ids = rowsOf(change).map(({ id }) => id);
    let tag = "";
    for (let start = 0; start < ids.length; start += maxIDs) {
      const id = ids.slice(start, start + maxIDs).join();
      tag += (await api.list(query({ id, perPage: maxIDs, include: "version" }), options)).headers.get("ETag");
    }
    return tag;
  }

  async function preview(change, options) {
    const tag = await tagOf(change, options);
    const report = await send(change, "true", options).then(({ body }) => body, (error) => {
      if (!error.problem?.errors) throw error;
      return error.problem;
    });
    const rows = rowsOf(change);
    const body = {
      ...report,
      selected: rows.length,
      numbers: report.examples.filter(({ before, after }) => differing(before, after).length > 0),
      // A deleted number has an error without a member.
      errors: report.errors.map(({ line, pointer, detail }) => ({
        id: rows[line - 1].id,
        pointer: pointer === "/id" ? "" : pointer,
        detail,
      })),
    };
    return { body, headers: new Map([["ETag", tag]]) };
  }

  return {
    preview,
    /** An import has no `If-Match`: the numbers are compared with the previewed ones before it is sent first. */
    async changeMany(change, etag, { signal, key }) {
      if (!isSent && await tagOf(change, { signal }) !== etag) {
        const { body, headers } = await preview(change, { signal });
        throw Object.assign(new Error(), { status: 412, etag: headers.get("ETag"), problem: { preview: body } });
      }
      isSent = true;
      return send(change, "", { signal, key });
    },
  };
}
