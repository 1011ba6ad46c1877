// Describes changes of numbers, each with a button that undoes it.

import { whileBusy } from "./dialog.js";
import { button, counted, grid, make, time } from "./elements.js";
import { differing, formatMember, labelOf } from "./members.js";
import { mayWrite } from "./session.js";
import { undo } from "./undo.js";

export const kinds = {
  create: "Created",
  change: "Changed",
  delete: "Deleted",
  changeMany: "Changed many",
  deleteMany: "Deleted many",
  import: "Imported",
  undo: "Undone",
};

const link = (id, text) => make("a", { href: `/changes/${id}` }, text);

/** Describes a change, with a link to its undo. @param {Change} change */
export function describe(change) {
  return [
    kinds[change.kind] ?? change.kind,
    change.undoes && [" ", link(change.undoes, `change ${change.undoes}`)],
    ` – ${counted(change.count)}`,
    change.undoneBy && make("span.soft", " · ", link(change.undoneBy, "undone")),
  ];
}

/** The changed members, one a line. @type {(before: Content, after: Content) => HTMLElement} */
export function difference(before, after) {
  return make(
    "ul.difference",
    differing(before, after).map((name) =>
      make(
        "li",
        make("span.soft", `${labelOf(name)} `),
        before && make("del", formatMember(name, before[name])),
        before && after && " → ",
        after && make("ins", formatMember(name, after[name])),
      )
    ),
  );
}

/** @param {Change} change */
export const undoButton = (change) =>
  mayWrite() && !change.undoneBy &&
  button("Undo", {
    "aria-label": `Undo change ${change.id}`,
    onclick: ({ currentTarget }) => whileBusy([currentTarget], () => undo(change.id)),
  }, "undo");

/**
 * Changes as a table; `what` makes the cell that describes a change.
 * @type {(changes: Change[], options: { what: (change: any) => Child, label: string }) => HTMLElement}
 */
export const changeTable = (changes, { what, label }) =>
  grid(
    label,
    ["Time", "User", "Change", ""],
    changes.map((
      change,
    ) => [
      link(change.id, time(change.at)),
      make("span.name", change.username),
      what(change),
      make("div.end", undoButton(change)),
    ]),
  );

/** Buttons for a list's other pages, if any. */
export function pager({ page, perPage, total, go }) {
  const last = Math.max(1, Math.ceil(total / perPage));
  const to = (target, text) =>
    button(text, {
      "aria-disabled": target < 1 || target > last ? "true" : null,
      onclick: ({ currentTarget }) => {
        if (!currentTarget.ariaDisabled) go(target);
      },
    });
  return last === 1 && page === 1 ? "" : make(
    "nav.pager",
    { "aria-label": "Pages" },
    to(page - 1, "Newer"),
    make("span", `Page ${page} of ${last}`),
    to(page + 1, "Older"),
  );
}
