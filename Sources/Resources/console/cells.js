// Edits one cell of the table at a time: Enter, Tab or losing focus saves, Escape cancels.

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
  /** The last write of each number: later reads wait for it. */
  const writes = new Map();
  signal.addEventListener("abort", finish, { once: true });

  /** Saves the input of a removed cell. */
  function finish() {
    if (editor && (signal.aborted || !editor.cell.isConnected)) editor.save({ isRemoved: true });
  }

  /** @type {(cell: HTMLElement, number: DIDNumber, options?: { text?: string }) => void} */
  function start(cell, number, { text } = {}) {
    editor?.close();
    const name = /** @type {MemberName} */ (cell.dataset.name);
    const { id } = number;
    const { inputmode, list } = members.find((each) => each.name === name);
    const input = make("input", {
      class: "cell",
      "aria-label": `${labelOf(name)} of ${number.value}`,
      "aria-describedby": "cell-error",
      autocomplete: "off",
      inputmode,
      list,
    });
    const thisEditor = (editor = { cell, isSaving: false, close, save });
    const shown = editableMember(name, number[name]);
    const readAfter = (earlierWrite) => Promise.resolve(earlierWrite).then(() => api.read(id));
    const reading = readAfter(writes.get(id));
    reading.catch(() => {/* The save reads it again. */});
    input.value = text ?? shown;
    const release = warnBeforeLeaving(() => thisEditor.isSaving || input.value !== shown);
    cell.dataset.editing = "true";
    cell.replaceChildren(input, make("p.error", { id: "cell-error", role: "alert" }));
    input.focus();
    input.select();
    input.addEventListener("keydown", (event) => {
      if (event.key === "Escape") close({ focus: true });
      else if (event.key === "Enter") save({ focus: true });
      else if (event.key === "Tab") save({ next: event.shiftKey ? -1 : 1 });
      else return;
      event.preventDefault();
      event.stopPropagation();
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

    function step(next) {
      const cells = order.map((each) => table.cell(id, each));
      const following = cells[order.indexOf(name) + next];
      if (following) start(following, table.number(id));
      else cell.focus();
    }

    /** Whether the user is idle: a late error must not take the focus. */
    const isIdle = () =>
      !signal.aborted && cell.isConnected && !editor && !document.querySelector("dialog[open]") &&
      [cell, document.body].includes(/** @type {HTMLElement} */ (document.activeElement));

    function showError(detail, typed, error = null) {
      const conflict = error?.status === 412 ? error : null;
      if (editor !== thisEditor) {
        const continueEditing = () => reopen(number, { typed: { [name]: typed }, conflict });
        if (!isIdle()) {
          return notify(
            error?.isLost
              ? `${number.value} may be saved. ${error.message}`
              : `${number.value} is not saved: ${conflict ? "it" : labelOf(name)} ${detail}.`,
            { isError: true, action: { label: "Edit again", run: continueEditing } },
          );
        }
        if (conflict) return continueEditing();
        start(cell, table.number(id) ?? number, { text: typed });
      }
      const [field, message] = cell.children;
      field.ariaInvalid = "true";
      message.textContent = `${labelOf(name)} ${detail}.`;
      message.scrollIntoView({ block: "nearest" });
    }

    /** Writes unless another client changed this member; the other members may have changed. */
    async function write(value, current, etag) {
      if (isEqual(name, current[name], value)) return { body: current, headers: new Headers() };
      if (current[name] !== number[name]) {
        throw Object.assign(new Error("It has changed."), { status: 412, problem: { current }, etag });
      }
      try {
        return await api.update(id, { [name]: value }, etag);
      } catch (error) {
        if (error.status !== 412 || error.problem.current[name] !== number[name]) throw error;
        return write(value, error.problem.current, error.etag);
      }
    }

    /** Reads the number, again if the first read failed, and writes the typed text. */
    async function change(typed) {
      const last = writes.get(id);
      const value = name === "currency" ? await confirmCurrency(typed) : typed;
      if (value === null) throw new Error("Choose a currency.");
      const { body, headers } = await reading.catch(() => readAfter(last));
      return write(value, body, headers.get("ETag"));
    }

    async function save({ focus = false, next = 0, isRemoved = false }) {
      if (thisEditor.isSaving) return;
      const typed = input.value;
      let value;
      try {
        value = readMember(name, typed);
      } catch (error) {
        if (isRemoved) close();
        return showError(error.message, typed);
      }
      if (value === number[name]) {
        close({ focus });
        if (next) step(next);
        return;
      }
      thisEditor.isSaving = true;
      close();
      cell.textContent = typed;
      cell.ariaBusy = "true";
      if (next) step(next);
      else if (focus) cell.focus();
      const writing = change(value);
      writes.set(id, writing.catch(() => {/* See below. */}));
      try {
        const response = await writing;
        saved(response.body, response);
      } catch (error) {
        if (api.isAborted(error)) return;
        if (error.status === 412) showError("has changed meanwhile", typed, error);
        else {showError(
            error.problem?.errors?.[0]?.detail ??
              `${error.isLost ? "may be" : "is not"} saved. ${error.message.replace(/\.$/, "")}`,
            typed,
            error,
          );}
      } finally {
        release();
        cell.ariaBusy = null;
        if (!cell.dataset.editing) table.repaint(id);
      }
    }
  }

  return {
    start,
    finish,
    get isEditing() {
      return editor !== null;
    },
  };
}
