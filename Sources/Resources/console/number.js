// One number and its history.

import * as api from "./api.js";
import { query } from "./address.js";
import { whileBusy } from "./dialog.js";
import { editNumber } from "./editing.js";
import { button, make, title } from "./elements.js";
import { changeTable, difference, kinds, pager } from "./history.js";
import { listing } from "./listing.js";
import { formatMember, members } from "./members.js";
import { mayWrite } from "./session.js";
import { notifyDone, notifyNotDeleted } from "./undo.js";

const perPage = 100;

export function open(container, { signal, id }) {
  const top = title("Number", make("a", { href: "/" }, "All numbers"));
  let current = null;
  container.append(top);
  const list = listing(container, {
    signal,
    view: { page: 1 },
    async read({ page }, options) {
      const [number, changes] = await Promise.all([
        api.read(id, options).catch((error) => {
          if (error.status === 404) return null;
          throw error;
        }),
        api.listNumberChanges(id, query({ page, perPage }), { signal: options.signal }),
      ]);
      const total = Number(changes.headers.get("X-Total-Count"));
      return {
        headers: new Headers(),
        body: { number: number?.body ?? null, etag: number?.headers.get("ETag"), changes: changes.body, total },
      };
    },
    render: ({ body: { number, etag, changes, total } }, { page }) => {
      current = number && { number, etag };
      const last = changes.find(({ before, after }) => before ?? after);
      const content = number ?? last?.after ?? last?.before;
      top.firstChild.textContent = content?.value ?? `Number ${id}`;
      return [
        !number && make("p.error", "This number is no longer in the inventory. Undo its deletion to restore it."),
        content && make(
          "dl.panel.values",
          members.map(({ name, label }) =>
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
          ? changeTable(changes, {
            label: "History",
            what: (
              change,
            ) => [make("span", kinds[change.kind] ?? change.kind), difference(change.before, change.after)],
          })
          : make("p.soft", "No changes of this number are recorded."),
        pager({ page, perPage, total, go: (next) => list.want({ page: next }) }),
      ];
    },
  });

  function edit() {
    if (current && mayWrite()) {
      editNumber(current.number, {
        saved: (number, response) => {
          notifyDone(`${number.value} is saved.`, response);
          list.refresh();
        },
      });
    }
  }

  const remove = ({ currentTarget }) =>
    whileBusy([currentTarget], async () => {
      const { number, etag } = current;
      try {
        notifyDone(`${number.value} is deleted.`, await api.remove(id, etag));
      } catch (error) {
        notifyNotDeleted(number, error);
      }
      // Keep the button disabled until the page is current.
      await list.refresh();
    });

  return { keys: { e: edit } };
}
