// Edits one cell of the table at a time: Enter, Tab or losing focus saves, Escape cancels.

import * as api from "./api.js";
import { settle } from "./currencies.js";
import { guard } from "./dialog.js";
import { make } from "./elements.js";
import { isSame, labelOf, members, readMember, typeableMember } from "./members.js";
import { tell } from "./notices.js";

const order = members.map(({ name }) => name).filter((name) => name !== "value");

/**
 * @param saved gets the number and the response; `reopen` gets the rejected text and, after a conflict, its error, to
 *   continue in a dialog; `left` is called when no cell is edited any more.
 */
export function createCells({ table, signal, saved, reopen, left }) {
  /** The edited cell, which only its editor changes. */
  let editor = null;
  /** The last write of each number: later reads wait for it. */
  const writes = new Map();
  signal.addEventListener("abort", finish, { once: true });

  /** Saves the input of a removed cell. */
  function finish() {
    if (editor && (signal.aborted || !editor.cell.isConnected)) editor.save({ isGone: true });
  }

  function start(cell, number, { text } = {}) {
    editor?.leave();
    const name = cell.dataset.name;
    const { id } = number;
    const fault = make("p.fault", { id: "cell-fault", role: "alert" });
    const { inputmode, list } = members.find((each) => each.name === name);
    const input = make("input", { class: "cell", "aria-label": `${labelOf(name)} of ${number.value}`, "aria-describedby": "cell-fault", autocomplete: "off", inputmode, list });
    const own = (editor = { cell, isSaving: false, leave, save });
    const shown = typeableMember(name, number[name]);
    const readAfter = (write) => Promise.resolve(write).then(() => api.read(id));
    const reading = readAfter(writes.get(id));
    reading.catch(() => { /* Read again once it is needed. */ });
    input.value = text ?? shown;
    const release = guard(() => own.isSaving || input.value !== shown);
    cell.dataset.editing = "true";
    cell.replaceChildren(input, fault);
    input.focus();
    input.select();
    input.addEventListener("keydown", (event) => {
      if (event.key === "Escape") leave({ focus: true });
      else if (event.key === "Enter") save({ focus: true });
      else if (event.key === "Tab") save({ next: event.shiftKey ? -1 : 1 });
      else return;
      event.preventDefault();
      event.stopPropagation();
    });
    // Not if the cell was removed, which also removes the focus.
    input.addEventListener("blur", () => queueMicrotask(() => {
      if (editor === own && !own.isSaving && input.isConnected && document.hasFocus()) save({});
    }));

    function leave({ focus = false } = {}) {
      if (editor === own) editor = null;
      if (!own.isSaving) release();
      queueMicrotask(() => { if (!editor && !signal.aborted) left(); });
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
    const isFree = () => !signal.aborted && cell.isConnected && !editor && !document.querySelector("dialog[open]") && [cell, document.body].includes(document.activeElement);

    function refuse(detail, typed, error = null) {
      const conflict = error?.status === 412 ? error : null;
      if (editor !== own) {
        const goOn = () => reopen(number, { typed: { [name]: typed }, conflict });
        if (!isFree()) return tell(error?.isLost ? `${number.value} may be saved. ${error.message}` : `${number.value} is not saved: ${conflict ? "it" : labelOf(name)} ${detail}.`, { isFault: true, action: { label: "Edit again", run: goOn } });
        if (conflict) return goOn();
        start(cell, table.number(id) ?? number, { text: typed });
      }
      const [again, message] = cell.children;
      again.ariaInvalid = "true";
      message.textContent = `${labelOf(name)} ${detail}.`;
      message.scrollIntoView({ block: "nearest" });
    }

    /** Writes unless another client changed this member; the other members may have changed. */
    async function write(value, now, etag) {
      if (isSame(name, now[name], value)) return { body: now, headers: new Headers() };
      if (now[name] !== number[name]) throw Object.assign(new Error("It has changed."), { status: 412, problem: { current: now }, etag });
      try {
        return await api.update(id, { [name]: value }, etag);
      } catch (error) {
        if (error.status !== 412 || error.problem.current[name] !== number[name]) throw error;
        return write(value, error.problem.current, error.etag);
      }
    }

    /** Writes the typed text after reading the number, again if the first read failed. */
    async function change(typed) {
      const last = writes.get(id);
      const value = name === "currency" ? await settle(typed) : typed;
      if (value === null) throw new Error("Choose a currency.");
      const { body, headers } = await reading.catch(() => readAfter(last));
      return write(value, body, headers.get("ETag"));
    }

    async function save({ focus = false, next = 0, isGone = false }) {
      if (own.isSaving) return;
      const typed = input.value;
      let value;
      try { value = readMember(name, typed); } catch (error) {
        if (isGone) leave();
        return refuse(error.message, typed);
      }
      if (value === number[name]) {
        leave({ focus });
        if (next) step(next);
        return;
      }
      own.isSaving = true;
      leave();
      cell.textContent = typed;
      cell.ariaBusy = "true";
      if (next) step(next);
      else if (focus) cell.focus();
      const writing = change(value);
      writes.set(id, writing.catch(() => { /* Reported below. */ }));
      try {
        const answer = await writing;
        saved(answer.body, answer);
      } catch (error) {
        if (api.isDropped(error)) return;
        if (error.status === 412) refuse("has changed meanwhile", typed, error);
        else refuse(error.problem?.errors?.[0]?.detail ?? `${error.isLost ? "may be" : "is not"} saved. ${error.message.replace(/\.$/, "")}`, typed, error);
      } finally {
        release();
        cell.ariaBusy = null;
        if (!cell.dataset.editing) table.repaint(id);
      }
    }
  }

  return { start, finish, get isEditing() { return editor !== null; } };
}
