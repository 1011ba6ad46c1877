// Edits one cell of the table at a time: typing or Enter starts; Enter, Tab or losing focus saves; Escape cancels.

import * as api from "./api.js";
import { confirmCurrency } from "./currencies.js";
import { warnBeforeLeaving } from "./dialog.js";
import { make } from "./elements.js";
import { editableMember, isEqual, labelOf, members, readMember } from "./members.js";
import { notify } from "./notices.js";

/** @type {MemberName[]} */
const order = members.map(({ name }) => name).filter((name) => name !== "value");

/**
 * @param {object} options
 * @param {ReturnType<import("./table.js").createTable>} options.table
 * @param {AbortSignal} options.signal
 * @param {Saved} options.saved
 * @param {(number: DIDNumber, input: { typed: Partial<Content>, conflict: api.Problem }) => void} options.reopen
 *   continues in a dialog with the rejected text and, after a conflict, its error.
 * @param {() => void} options.onClosed is called when no cell is edited any more.
 */
export function createCells({ table, signal, saved, reopen, onClosed }) {
  /** The editor of the cell that is being edited; it alone changes that cell. */
  let editor = null;
  /** The running writes. */
  const writes = new Set();
  /** Texts that could not be saved, by the cell that shows them: `{ typed, conflict, resume, report, verify }`. */
  const rejected = new Map();
  /** The editor whose text a cell shows while it is saved. */
  const saving = new Map();
  /** The column in which a run of Tabs began, and the cell after the last Tab. Enter returns to this column. */
  let begun = null;
  const stopWarning = warnBeforeLeaving(() => rejected.size > 0);
  signal.addEventListener("abort", () => {
    finish();
    stopWarning();
  }, { once: true });

  /** Saves the input of a removed cell, and reports rejected texts of removed cells. */
  function finish() {
    if (editor && (signal.aborted || !editor.cell.isConnected)) editor.save({ isRemoved: true });
    for (const [cell, { report }] of rejected) {
      if (cell.isConnected && !signal.aborted) continue;
      accept(cell);
      report();
    }
  }

  function accept(cell) {
    cell.ariaInvalid = null;
    rejected.delete(cell);
  }

  /** @type {(cell: HTMLElement, number: DIDNumber, options?: { text?: string }) => void} */
  function start(cell, number, { text } = {}) {
    editor?.close();
    const old = rejected.get(cell);
    accept(cell);
    if (old?.conflict && text === undefined) {
      table.repaint(number.id);
      return old.resume();
    }
    if (begun?.cell !== cell) begun = null;
    const name = /** @type {MemberName} */ (cell.dataset.name);
    const { id } = number;
    /** The value that was sent. */
    let sent = null;
    const { inputmode, list } = members.find((each) => each.name === name);
    const input = make("input", {
      class: "cell",
      "aria-label": `${labelOf(name)} of ${number.value}`,
      "aria-describedby": "cell-error",
      autocomplete: "off",
      inputmode,
      list,
    });
    const problem = make("p#cell-error.error", { role: "alert" });
    const thisEditor = (editor = { cell, isSaving: false, close, save });
    const shown = editableMember(name, number[name]);
    input.value = text ?? old?.typed ?? shown;
    const release = warnBeforeLeaving(() => thisEditor.isSaving || input.value !== shown);
    cell.dataset.editing = "true";
    cell.replaceChildren(input, problem);
    input.focus();
    input.select();
    input.addEventListener("keydown", (event) => {
      const next = event.shiftKey ? -1 : 1;
      if (event.isComposing) return;
      if (event.key === "Escape") close({ focus: true });
      else if (event.key === "Enter") save({ down: next });
      else if (event.key === "Tab") save({ right: next });
      else return;
      event.preventDefault();
      event.stopPropagation();
    });
    // The field would join the lines of several cells to one number.
    input.addEventListener("paste", (event) => {
      if (!/[\n\t]/.test(event.clipboardData.getData("text").trim())) return;
      event.preventDefault();
      problem.textContent = "To paste several cells, press Escape first.";
    });
    // Do not save if the cell was removed, which also removes the focus.
    input.addEventListener("blur", () =>
      queueMicrotask(() => {
        if (editor === thisEditor && !thisEditor.isSaving && input.isConnected && document.hasFocus()) save({});
      }));

    function close({ focus = false } = {}) {
      if (editor === thisEditor) editor = null;
      if (!thisEditor.isSaving) release();
      queueMicrotask(() => {
        if (!editor && !signal.aborted) onClosed();
      });
      delete cell.dataset.editing;
      table.repaint(id);
      if (focus) cell.focus();
    }

    /** Moves the focus to the cell below or beside, as a spreadsheet does. */
    function step({ down = 0, right = 0 }) {
      const column = order.indexOf(name);
      const first = begun?.name ?? name;
      const next = table.cell(id, order[column + right]) ?? cell;
      next.focus();
      begun = right ? { name: first, cell: next } : null;
      if (down) table.move(down, order.indexOf(first) - column);
    }

    /** Shows the rejected text and its error in the cell, without taking the focus. */
    function reject(detail, typed, error) {
      if (error.status === 404) {
        const link = { label: "See its changes", href: `/changes?number=${encodeURIComponent(number.value)}` };
        return void notify(`${number.value} was deleted in the meantime.`, { isError: true, link });
      }
      const conflict = error.status === 412 ? error : null;
      const resume = () => reopen(number, { typed: { [name]: typed }, conflict });
      const report = () =>
        notify(
          error.isLost
            ? `${number.value} may be saved. ${error.message}`
            : `${number.value} is not saved: ${conflict ? "it" : labelOf(name)} ${detail}.`,
          { isError: true, action: { label: "Edit again", run: resume } },
        );
      const { top, bottom } = cell.getBoundingClientRect();
      const isInSight = cell.isConnected && top >= 0 && bottom <= innerHeight && table.hasFocus;
      if (!isInSight || cell.dataset.editing || cell.ariaBusy || signal.aborted) return report();
      rejected.set(cell, { typed, conflict, resume, report, verify: error.isLost ? verify : null });
      cell.ariaInvalid = "true";
      cell.replaceChildren(typed, make("p.error", { role: "alert" }, `${labelOf(name)} ${detail}.`));
    }

    /** After a write without a response: shows whether it was done. */
    async function verify() {
      const entry = rejected.get(cell);
      const found = await api.read(id).catch((error) => error);
      if (rejected.get(cell) !== entry || (!found.body && found.status !== 404)) return;
      accept(cell);
      if (found.body && isEqual(name, found.body[name], sent)) saved(found.body, found);
      else reject("was not changed", entry.typed, found);
      table.repaint(id);
    }

    async function change(typed) {
      sent = name === "currency" ? await confirmCurrency(typed) : typed;
      if (sent === null) throw new Error("Choose a currency.");
      return api.update(number, { [name]: sent });
    }

    async function save({ isRemoved = false, ...move }) {
      if (thisEditor.isSaving) return;
      const typed = input.value;
      const isMoving = move.down || move.right;
      let value;
      try {
        value = readMember(name, typed);
      } catch (error) {
        if (isRemoved) {
          close();
          return reject(error.message, typed, error);
        }
        input.ariaInvalid = "true";
        problem.textContent = `${labelOf(name)} ${error.message}.`;
        return problem.scrollIntoView({ block: "nearest" });
      }
      thisEditor.isSaving = value !== number[name];
      close();
      if (!thisEditor.isSaving) return isMoving && step(move);
      cell.textContent = typed;
      cell.ariaBusy = "true";
      saving.set(cell, thisEditor);
      if (isMoving) step(move);
      const writing = change(value);
      writes.add(writing);
      let failure = null;
      try {
        const response = await writing;
        saved(response.body, response);
      } catch (error) {
        failure = error;
      }
      writes.delete(writing);
      release();
      if (saving.get(cell) === thisEditor) {
        saving.delete(cell);
        cell.ariaBusy = null;
      }
      if (failure && !api.isAborted(failure)) {
        reject(
          failure.status === 412 ? "has changed in the meantime" : failure.problem?.errors?.[0]?.detail ??
            `${failure.isLost ? "may be" : "is not"} saved. ${failure.message.replace(/\.$/, "")}`,
          typed,
          failure,
        );
      }
      if (!cell.dataset.editing) table.repaint(id);
    }
  }

  return {
    start,
    finish,
    /** Finds out which of the writes without a response were done. */
    verify() {
      for (const { verify } of rejected.values()) verify?.();
    },
    /** Resolves when all writes are done. */
    settled: () => Promise.allSettled(writes),
    get isEditing() {
      return editor !== null;
    },
  };
}
