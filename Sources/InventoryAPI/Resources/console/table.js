// The table: columns, rows that are kept while they stay the same, what is selected.

import { element, find } from "./elements.js";
import { members } from "./members.js";

const rows = new Map();
export const selected = new Map();

/** The price as the browser's locale has it, exactly, with the decimal signs under each other. */
export function price(text) {
  const decimals = (text.split(".")[1] ?? "").length;
  // Intl reads decimal strings without loss.
  const shown = new Intl.NumberFormat(undefined, { minimumFractionDigits: decimals, maximumFractionDigits: 4 }).format(text);
  return shown + "\u2007".repeat(Math.max(0, 4 - decimals));
}

export function buildHead({ sort, onSort, mayWrite, onSelectAll }) {
  const cells = members.map(({ name, label, isPrice }) => {
    const direction = sort === name ? "ascending" : sort === `-${name}` ? "descending" : "none";
    return element("th", { scope: "col", role: "columnheader", "aria-sort": direction, class: isPrice ? "price" : name },
      element("button", { type: "button", "data-column": name, onclick: () => onSort(direction === "ascending" ? `-${name}` : name) }, label));
  });
  if (mayWrite) {
    cells.unshift(element("td", { role: "columnheader" },
      element("input", { type: "checkbox", id: "select-all", "aria-label": "Select all on this page", onchange: (event) => onSelectAll(event.target.checked) })));
    cells.push(element("th", { scope: "col", role: "columnheader", class: "actions" }, "Actions"));
  }
  const focused = document.activeElement?.dataset?.column;
  find("head").replaceChildren(...cells);
  if (focused) find("head").querySelector(`[data-column="${focused}"]`)?.focus();
}

/** Shows the numbers, and returns how many of those that were there before have changed. */
export function render(numbers, { mayWrite, onEdit, onDelete, onSelect, mark }) {
  let changed = 0;
  const before = new Map(rows);
  rows.clear();
  const shown = numbers.map((number) => {
    const text = JSON.stringify(number) + mayWrite;
    const old = before.get(number.id);
    if (old?.text === text) {
      rows.set(number.id, old);
      return old.row;
    }
    const row = buildRow(number, { mayWrite, onEdit, onDelete, onSelect });
    if (mark && (old || before.size > 0)) {
      changed += 1;
      row.classList.add("changed");
      setTimeout(() => row.classList.remove("changed"), 4000);
    }
    rows.set(number.id, { text, row });
    return row;
  });
  for (const id of selected.keys()) if (!rows.has(id)) selected.delete(id);
  place(shown);
  return changed;
}

/** Puts the rows in their places, and keeps the focus where it was, on the same number's same button. */
function place(shown) {
  const body = find("rows");
  const focused = body.contains(document.activeElement) ? document.activeElement : null;
  const label = focused?.getAttribute("aria-label");
  body.replaceChildren(...shown);
  if (!focused) return;
  const again = focused.isConnected ? focused : [...body.querySelectorAll("[aria-label]")].find((each) => each.getAttribute("aria-label") === label);
  (again ?? find("q")).focus();
}

function buildRow(number, { mayWrite, onEdit, onDelete, onSelect }) {
  const cells = members.map(({ name, short, isPrice }) =>
    element("td", { role: "cell", class: isPrice ? `price ${name}` : name, "data-label": short }, isPrice ? price(number[name]) : number[name]));
  if (mayWrite) {
    const box = element("input", { type: "checkbox", "aria-label": `Select ${number.value}`, onchange: () => {
      if (box.checked) selected.set(number.id, number); else selected.delete(number.id);
      onSelect();
    } });
    box.checked = selected.has(number.id);
    cells.unshift(element("td", { role: "cell", class: "select" }, box));
    cells.push(element("td", { role: "cell", class: "actions" },
      element("button", { type: "button", "aria-label": `Edit ${number.value}`, onclick: () => onEdit(number.id) }, "Edit"),
      element("button", { type: "button", class: "danger", "aria-label": `Delete ${number.value}`, onclick: () => onDelete([number]) }, "Delete")));
  }
  return element("tr", { role: "row", "data-id": number.id }, ...cells);
}

export function selectAll(numbers, isSelected) {
  for (const number of numbers) if (isSelected) selected.set(number.id, number); else selected.delete(number.id);
  for (const box of find("rows").querySelectorAll("input[type=checkbox]")) box.checked = isSelected;
}
