// The table: its rows, which are reused while their number is shown, its focus and keys. It does not use the server.

import { make } from "./elements.js";
import { openMenu } from "./menu.js";
import { differing } from "./members.js";
import { actions, buildHead, buildRow, buildTemplate, fill } from "./rows.js";

/**
 * @param handlers `sort(key)`, `select(numbers, isSelected)`, `leave()`, and for a number `edit`, `remove`, `removeAny`
 *   (or the selection), `copy`, `start(cell)`.
 */
export function createTable({ mayWrite, isSelected, handlers }) {
  const head = buildHead({
    mayWrite,
    sort: (name) => handlers.sort(name),
    select: (isSelected) => handlers.select(numbers(), isSelected),
  });
  const body = make("tbody#rows", { role: "rowgroup" });
  const table = make(
    "table#table",
    {
      role: "grid",
      "aria-label": "Numbers for sale",
      "aria-readonly": mayWrite ? null : "true",
      "aria-multiselectable": mayWrite ? "true" : null,
    },
    make("thead", { role: "rowgroup" }, head),
    body,
  );
  /** By the number's id. @type {Map<number, import("./rows.js").Entry>} */
  let rows = new Map();
  /** @type {number[]} */
  let order = [];
  /** The number that had the focus last, and the index of the focused control in its row. */
  let current = { id: null, stop: mayWrite ? 1 : 0 };
  let anchor = null;
  const template = buildTemplate(mayWrite);

  listen();

  const numbers = () => order.map((id) => rows.get(id).number);
  const stops = (row) => [...row.querySelectorAll(".stop")];
  const numberOf = (node) => rows.get(Number(node.closest("tr")?.dataset.id))?.number;

  /** Shows numbers. @param marks whether to mark changes. @returns how many have changed. */
  function render(shownNumbers, { marks = false } = {}) {
    const focused = body.contains(document.activeElement) ? document.activeElement : null;
    const index = order.indexOf(current.id);
    const before = rows;
    let changed = 0;
    rows = new Map();
    for (const number of shownNumbers) {
      const old = before.get(number.id);
      const isChanged = old && differing(old.number, number).length > 0;
      if (old) fill(old, number);
      const entry = old ?? buildRow(template, number);
      rows.set(number.id, entry);
      if (marks && isChanged) {
        changed += 1;
        mark(entry.row);
      }
    }
    order = shownNumbers.map(({ id }) => id);
    const nodes = order.map((id) => rows.get(id).row);
    // Rows that stay in place keep the focus and their input.
    if (nodes.length !== body.rows.length || nodes.some((node, index) => body.rows[index] !== node)) {
      body.replaceChildren(...nodes);
    }
    paintSelection();
    if (!rows.has(current.id)) current.id = order[Math.min(Math.max(index, 0), order.length - 1)] ?? null;
    setStop();
    if (focused && document.activeElement !== focused) {
      if (focused.isConnected) focused.focus();
      else focusCurrent();
    }
    return changed;
  }

  function mark(row) {
    row.classList.remove("changed");
    requestAnimationFrame(() => row.classList.add("changed"));
    setTimeout(() => row.classList.remove("changed"), 4000);
  }

  function paintSelection() {
    if (!mayWrite) return;
    let count = 0;
    for (const [id, { row }] of rows) {
      const is = isSelected(id);
      if (is) count += 1;
      const box = row.querySelector("input");
      if (box.checked !== is) box.checked = is;
      if (row.ariaSelected !== String(is)) row.ariaSelected = is;
    }
    const all = head.querySelector("input");
    all.checked = count > 0 && count === rows.size;
    all.indeterminate = count > 0 && count < rows.size;
  }

  function paintSort(sort) {
    for (const cell of head.querySelectorAll("[data-column]")) {
      const name = cell.dataset.column;
      cell.ariaSort = sort === name ? "ascending" : sort === `-${name}` ? "descending" : "none";
    }
  }

  // Tab reaches one control of all rows; arrow keys move the focus from there.
  function setStop() {
    for (const node of body.querySelectorAll('[tabindex="0"]')) node.tabIndex = -1;
    const entry = rows.get(current.id);
    const all = entry ? stops(entry.row) : [];
    const node = all[Math.min(current.stop, all.length - 1)];
    if (node) node.tabIndex = 0;
    return node;
  }

  function focusCurrent() {
    const node = setStop();
    node?.focus();
    node?.scrollIntoView({ block: "nearest" });
    return Boolean(node);
  }

  function move(rowsDown, stopsRight) {
    const at = order.indexOf(current.id);
    const to = Math.min(Math.max(at + rowsDown, 0), order.length - 1);
    const entry = rows.get(order[to]);
    if (!entry) return;
    current = { id: order[to], stop: Math.min(Math.max(current.stop + stopsRight, 0), stops(entry.row).length - 1) };
    focusCurrent();
  }

  function listen() {
    body.addEventListener("focusin", (event) => {
      const node = event.target.closest(".stop");
      if (!node) return;
      current = { id: Number(node.closest("tr").dataset.id), stop: stops(node.closest("tr")).indexOf(node) };
      setStop();
    });
    body.addEventListener("keydown", (event) => {
      if (event.target.closest("[data-editing]") || event.defaultPrevented) return;
      const isFar = event.ctrlKey || event.metaKey;
      const steps = {
        ArrowDown: [1, 0],
        ArrowUp: [-1, 0],
        ArrowLeft: [0, -1],
        ArrowRight: [0, 1],
        Home: [isFar ? -Infinity : 0, -Infinity],
        End: [isFar ? Infinity : 0, Infinity],
        PageDown: [10, 0],
        PageUp: [-10, 0],
      };
      if (steps[event.key] && !event.altKey && (!isFar || event.key === "Home" || event.key === "End")) {
        event.preventDefault();
        move(...steps[event.key]);
      } else if (event.key === "Escape") handlers.leave();
      else if (mayWrite) edit(event, event.target.matches("td.editable") ? event.target : null);
    });
    body.addEventListener("dblclick", (event) => {
      const cell = event.target.closest("td.editable");
      if (mayWrite && cell && !cell.dataset.editing) handlers.start(cell, numberOf(cell));
    });
    body.addEventListener("mousedown", (event) => {
      // Shift selects the rows between, not text.
      if (event.shiftKey && event.target.closest("td.select")) event.preventDefault();
    });
    body.addEventListener("click", (event) => {
      const node = event.target.closest("[data-does], input[type=checkbox]");
      const number = node && numberOf(node);
      if (!number) return;
      if (node.dataset.does === "more") openMenu(node, actions(mayWrite));
      else if (node.dataset.does) handlers[node.dataset.does](number);
      else choose(number, node.checked, event.shiftKey);
    });
  }

  /** @param cell is the focused cell if it can be edited. */
  function edit(event, cell) {
    const number = numberOf(event.target);
    const { key } = event;
    if (cell && (key === "Enter" || key === "F2")) handlers.start(cell, number);
    else if (key === "Delete" && !event.repeat) handlers.removeAny(number, cell);
    else if (key === " " && event.target.matches("td")) choose(number, !isSelected(number.id), event.shiftKey);
    else if (cell && (isText(event) || key === "Backspace")) {
      // The browser puts the character into the editor. It is no shortcut.
      event.stopPropagation();
      return handlers.start(cell, number, { text: "" });
    } else return;
    event.preventDefault();
  }

  function choose(number, is, isRange) {
    const [from, to] = [order.indexOf(anchor), order.indexOf(number.id)];
    const chosen = isRange && from >= 0 ? order.slice(Math.min(from, to), Math.max(from, to) + 1) : [number.id];
    anchor = number.id;
    handlers.select(chosen.map((id) => rows.get(id).number), is);
  }

  return {
    table,
    numbers,
    render,
    paintSelection,
    paintSort,
    focusCurrent,
    move,
    focusFirst() {
      current.id = order[0] ?? null;
      return focusCurrent();
    },
    get hasFocus() {
      return body.contains(document.activeElement) || document.activeElement === document.body;
    },
    mark,
    /** The focused control, to restore it after the rows were shown again. */
    get position() {
      return { ...current, hadFocus: body.contains(document.activeElement) };
    },
    restore({ id, stop, hadFocus }) {
      if (rows.has(id)) current = { id, stop };
      if (hadFocus) focusCurrent();
    },
    /** The member in the focused cell; the number, too, for its other controls. */
    get currentName() {
      return document.activeElement.dataset.name ?? "value";
    },
    get currentNumber() {
      return body.contains(document.activeElement) ? rows.get(current.id)?.number : undefined;
    },
    /** The cell of a number's member, if shown. */
    cell: (id, name) => rows.get(id)?.row.querySelector(`[data-name=${name}]`),
    row: (id) => rows.get(id)?.row,
    number: (id) => rows.get(id)?.number,
    update(number) {
      const entry = rows.get(number.id);
      if (!entry) return;
      fill(entry, number);
      mark(entry.row);
    },
    /** Repaints a cell after its editor has closed. */
    repaint(id) {
      const entry = rows.get(id);
      if (!entry) return;
      entry.texts = [];
      fill(entry, entry.number);
    },
    /** Removes a number; the next one gets its focus. */
    remove(id) {
      const hadFocus = rows.get(id)?.row.contains(document.activeElement) || document.activeElement === document.body;
      const at = order.indexOf(id);
      if (current.id === id) current.id = order[at + 1] ?? order[at - 1] ?? null;
      render(numbers().filter((number) => number.id !== id));
      if (hadFocus) focusCurrent();
    },
  };
}

/** Whether a key types a character, perhaps with AltGr or the Option key. */
const isText = (event) =>
  event.key.length === 1 &&
  (event.getModifierState("AltGraph") ||
    !event.ctrlKey && !event.metaKey && (!event.altKey || event.key > "~"));
