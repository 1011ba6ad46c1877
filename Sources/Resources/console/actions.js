// The actions of the page of numbers: on one number, and on the selected ones.

import * as api from "./api.js";
import { copyText } from "./clipboard.js";
import { notify, withModule } from "./notices.js";
import { notifyDone, notifyNotDeleted } from "./undo.js";

export const copy = ({ value }) => copyText(value, `${value} is copied.`);

/** @param refresh shows the list again. */
export function createActions({ table, selection, list, refresh, signal }) {
  function done(text, response, options) {
    notifyDone(text, response, options);
    refresh();
  }

  function saved(number, response, options) {
    table.update(number);
    done(`${number.value} is saved.`, response, options);
  }

  const created = (number, response) =>
    done(`${number.value} is in the inventory.`, response, {
      link: list.wanted.sort === "-id"
        ? { label: "Open", href: `/numbers/${number.id}` }
        : { label: "Show newest first", href: "/?sort=-id" },
    });

  /** Deletes a number unless it differs from the table. */
  async function remove(number) {
    const row = table.row(number.id);
    if (!row || row.ariaBusy) return;
    row.ariaBusy = "true";
    try {
      const response = await api.remove(number);
      notifyDone(`${number.value} is deleted.`, response);
      selection.remove(number.id);
      if (signal.aborted) return;
      table.remove(number.id);
      refresh();
    } catch (error) {
      if (error.status === 412) {
        table.update(api.currentOf(error));
        notify(`${number.value} has changed in the meantime and was not deleted. Check it again.`, { isError: true });
      } else notifyNotDeleted(number, error, () => remove(number));
      if (error.status === 404 || error.status === 412) refresh();
    } finally {
      row.ariaBusy = null;
    }
  }

  const selected = () => ({ selected: selection.describe, count: selection.count });

  return {
    done,
    saved,
    remove,
    create: () => withModule("editing", ({ createNumber }) => createNumber({ saved: created })),
    /** @type {(number: DIDNumber, options?: { typed?: Partial<Content>, conflict?: api.Problem }) => unknown} */
    edit: (number, options) => withModule("editing", ({ editNumber }) => editNumber(number, { ...options, saved })),
    changeSelected: () => withModule("bulk", ({ changeMany }) => changeMany({ ...selected(), done })),
    removeSelected: () =>
      withModule("bulk", ({ deleteMany }) =>
        deleteMany({
          ...selected(),
          done(text, response) {
            selection.clear();
            done(text, response);
          },
        })),
  };
}
