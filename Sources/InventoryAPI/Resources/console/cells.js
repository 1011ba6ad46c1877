// Editing in the table itself: one cell at a time, saved by Enter, Tab or going elsewhere, left by Escape.

import * as api from "./api.js";
import { make } from "./elements.js";
import { labelOf, members, readMember, typeableMember } from "./members.js";
import { tell } from "./notices.js";

const order = members.map(({ name }) => name).filter((name) => name !== "value");

/**
 * @param saved is called with the number and the answer, `reopen` with what was refused and, where somebody was quicker, the
 *   refusal, to go on in a dialog; `left` where no cell is edited any more.
 */
export function createCells({ table, signal, saved, reopen, left }) {
  /** The cell that is edited: nobody else touches it. */
  let editor = null;
  /** The last write of each number: what comes after it is read after it. */
  const writes = new Map();

  function start(cell, number, { text } = {}) {
    editor?.leave();
    const name = cell.dataset.name;
    const { id } = number;
    const fault = make("p.fault", { id: "cell-fault", role: "alert" });
    const { inputmode, list } = members.find((each) => each.name === name);
    const input = make("input", { class: "cell", "aria-label": `${labelOf(name)} of ${number.value}`, "aria-describedby": "cell-fault", autocomplete: "off", inputmode, list });
    const own = (editor = { isSaving: false, leave });
    const reading = Promise.resolve(writes.get(id)).then(() => api.read(id));
    reading.catch(() => { /* Told once it is needed. */ });
    input.value = text ?? typeableMember(name, number[name]);
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
    // Not where it is the cell that goes, which takes the focus away as well.
    input.addEventListener("blur", () => queueMicrotask(() => {
      if (editor === own && !own.isSaving && input.isConnected && document.hasFocus()) save({});
    }));

    function leave({ focus = false } = {}) {
      if (editor === own) editor = null;
      queueMicrotask(() => { if (!editor) left(); });
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

    /** Whether nobody is at anything else by now: a late refusal takes nobody's focus away. */
    const isFree = () => !signal.aborted && cell.isConnected && !editor && !document.querySelector("dialog[open]") && [cell, document.body].includes(document.activeElement);

    function refuse(detail, typed, conflict = null) {
      if (editor !== own) {
        const goOn = () => reopen(number, { [name]: typed }, conflict);
        if (!isFree()) return tell(`${number.value} is not saved: ${conflict ? "it" : labelOf(name)} ${detail}.`, { isFault: true, action: { label: "Edit again", run: goOn } });
        if (conflict) return goOn();
        start(cell, table.number(id) ?? number, { text: typed });
      }
      const again = cell.querySelector("input");
      again.ariaInvalid = "true";
      cell.querySelector(".fault").textContent = `${labelOf(name)} ${detail}.`;
    }

    /** Only while this member is what was shown; what became of the others is no matter. */
    async function write(value, now, etag) {
      if (now[name] !== number[name]) throw Object.assign(new Error("It has changed."), { status: 412, problem: { current: now }, etag });
      try {
        return await api.update(id, { [name]: value }, etag);
      } catch (error) {
        if (error.status !== 412 || error.problem.current[name] !== number[name]) throw error;
        return write(value, error.problem.current, error.etag);
      }
    }

    async function save({ focus = false, next = 0 }) {
      if (own.isSaving) return;
      const typed = input.value;
      let value;
      try { value = readMember(name, typed); } catch (error) { return refuse(error.message, typed); }
      own.isSaving = true;
      if (value === number[name]) {
        leave({ focus });
        if (next) step(next);
        return;
      }
      leave();
      cell.textContent = typed;
      cell.ariaBusy = "true";
      if (next) step(next);
      else if (focus) cell.focus();
      const writing = reading.then(({ body, headers }) => write(value, body, headers.get("ETag")));
      writes.set(id, writing.catch(() => { /* Told below. */ }));
      try {
        const answer = await writing;
        saved(answer.body, answer);
      } catch (error) {
        if (api.isDropped(error)) return;
        if (error.status === 412) refuse("has changed meanwhile", typed, error);
        else refuse(error.problem?.errors?.[0]?.detail ?? `is not saved. ${error.message.replace(/\.$/, "")}`, typed);
      } finally {
        cell.ariaBusy = null;
        if (!cell.dataset.editing) table.repaint(id);
      }
    }
  }

  return { start, get isEditing() { return editor !== null; } };
}
