// The elements of the table: its heading, and a row for each number.

import { icon, make } from "./elements.js";
import { members } from "./members.js";
import { decimalsOf, formatPrice } from "./prices.js";

/** The actions of a row. */
export const actions = (mayWrite) => [
  ["copy", "Copy"],
  ...(mayWrite ? [["edit", "Edit"], ["remove", "Delete"]] : []),
];

/** @param sort is called with a member's name, `select` with whether all rows are selected. */
export function buildHead({ mayWrite, sort, select }) {
  const cells = members.map(({ name, label, isPrice }) =>
    make(
      "th",
      { scope: "col", role: "columnheader", "data-column": name, class: isPrice ? "price" : name },
      make(
        "button",
        { type: "button", onclick: () => sort(name) },
        label,
        make("span.arrow", { "aria-hidden": "true" }),
      ),
    )
  );
  const box = mayWrite && make("input", {
    type: "checkbox",
    id: "select-all",
    "aria-label": "Select all on this page",
    onchange: () => select(box.checked),
  });
  return make(
    "tr#head",
    { role: "row" },
    box && make("td.select", { role: "columnheader" }, make("label", box)),
    cells,
    make("td.actions", { role: "columnheader" }, make("span.hidden", "Actions")),
  );
}

/** A row without a number: cloning it is faster than building each of a thousand rows. */
export function buildTemplate(mayWrite) {
  const control = (does, says, picture) =>
    make(
      "button.quiet.stop",
      { type: "button", tabindex: "-1", "data-does": does, "data-says": says, title: says },
      icon(picture),
    );
  const cells = members.map(({ name, short, isPrice }) => {
    const isEditable = mayWrite && name !== "value";
    return name === "value"
      ? make("td.value", { role: "gridcell", "data-label": short }, make("a.stop", { tabindex: "-1", href: "" }))
      : make("td", {
        role: "gridcell",
        class: `${isPrice ? "price " : ""}${name} stop${isEditable ? " editable" : ""}`,
        tabindex: "-1",
        "data-label": short,
        "data-name": name,
        "aria-readonly": isEditable ? null : "true",
      });
  });
  return make(
    "tr",
    { role: "row" },
    mayWrite &&
      make(
        "td.select",
        { role: "gridcell" },
        make("label", make("input.stop", { type: "checkbox", tabindex: "-1", "data-says": "Select" })),
      ),
    cells,
    make(
      "td.actions",
      { role: "gridcell" },
      matchMedia("(pointer: coarse)").matches
        ? control("more", "Actions for", "more")
        : actions(mayWrite).map(([name, text]) => control(name, text, name)),
    ),
  );
}

/**
 * A row with its number, the texts in its cells, and the number that its controls name.
 * @typedef {{ number: DIDNumber, row: HTMLTableRowElement, texts: string[], named: string }} Entry
 */

/** @type {(template: HTMLElement, number: DIDNumber) => Entry} */
export function buildRow(template, number) {
  const row = /** @type {HTMLTableRowElement} */ (template.cloneNode(true));
  row.dataset.id = String(number.id);
  const entry = { row, texts: [], named: null, number };
  fill(entry, number);
  return entry;
}

/** The cell of a member, by its index: a checkbox may come before, the actions come after all members. */
const cellOf = (row, index) => row.cells[row.cells.length - 1 - members.length + index];

/** Shows a number in its row. @type {(entry: Entry, number: DIDNumber) => void} */
export function fill(entry, number) {
  const { row, texts } = entry;
  entry.number = number;
  members.forEach(({ name, isPrice }, index) => {
    if (texts[index] === number[name]) return;
    texts[index] = number[name];
    const cell = cellOf(row, index);
    if (name === "value") cell.firstChild.textContent = number[name];
    // Do not overwrite an editor, or a text that is not saved.
    else if (!cell.dataset.editing && !cell.ariaBusy && !cell.ariaInvalid) {
      cell.textContent = isPrice ? formatPrice(number[name]) : number[name];
    }
    if (isPrice) cell.dataset.decimals = decimalsOf(number[name]);
  });
  if (entry.named === number.value) return;
  entry.named = number.value;
  row.querySelector("a").href = `/numbers/${number.id}`;
  for (const node of row.querySelectorAll("[data-says]")) node.ariaLabel = `${node.dataset.says} ${number.value}`;
}
