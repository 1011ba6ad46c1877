// One number and its history.

import * as api from "./api.js";
import { query } from "./address.js";
import { whileBusy } from "./dialog.js";
import { editNumber } from "./editing.js";
import { button, make, title } from "./elements.js";
import { changeTable } from "./history.js";
import { listing, perPage } from "./listing.js";
import { formatMember, members } from "./members.js";
import { mayWrite } from "./session.js";
import { notifyDone, notifyNotDeleted } from "./undo.js";

export function open(container, { signal, id }) {
  const top = title("Number", make("a", { href: "/" }, "All numbers"));
  let current = null;
  container.append(top);
  const list = listing(container, {
    signal,
    defaults: { page: "1" },
    async read(view, options) {
      const [number, changes] = await Promise.all([
        api.read(id, options).catch((error) => {
          if (error.status === 404) return null;
          throw error;
        }),
        api.listNumberChanges(id, query({ ...view, perPage }), { signal: options.signal }),
      ]);
      return {
        headers: changes.headers,
        body: { number: number?.body ?? null, changes: changes.body },
      };
    },
    render: ({ body: { number, changes } }) => {
      current = number;
      const last = changes.find(({ before, after }) => before ?? after);
      const content = number ?? last?.after ?? last?.before;
      top.firstChild.textContent = content?.value ?? `Number ${id}`;
      return [
        !number && make("p.error", "This number is no longer in the inventory. Undo its deletion to restore it."),
        content && make(
          "dl.panel.values",
          members.slice(1).map(({ name, label }) =>
            make("div", make("dt", label), make("dd", formatMember(name, content[name])))
          ),
        ),
        number && mayWrite() &&
        make(
          "menu.row",
          button("Edit", { id: "edit", "aria-label": "Edit", onclick: edit }, "edit"),
          button("Delete", { id: "remove", class: "danger", onclick: remove }, "remove"),
        ),
        make("h2", "History"),
        changes.length > 0
          ? changeTable(
            changes.map(({ before, after, ...change }) => ({ ...change, number: { before, after } })),
            "History",
          )
          : make("p.soft", "No changes to this number are recorded."),
      ];
    },
  });

  function edit() {
    if (current && mayWrite()) {
      editNumber(current, {
        saved: (number, response) => {
          notifyDone(`${number.value} is saved.`, response);
          list.refresh();
        },
      });
    }
  }

  const remove = ({ currentTarget }) =>
    whileBusy([currentTarget], async () => {
      const number = current;
      try {
        notifyDone(`${number.value} is deleted.`, await api.remove(number));
      } catch (error) {
        notifyNotDeleted(number, error);
      }
      // Keep the button disabled until the page is current.
      await list.refresh();
    });

  return { revisit: list.revisit, keys: { e: edit } };
}
