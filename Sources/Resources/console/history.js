// Describes changes of numbers, each with a button that undoes it.

import { whileBusy } from "./dialog.js";
import { button, counted, grid, make, time } from "./elements.js";
import { differing, labelOf, members } from "./members.js";
import { shownMember } from "./preview.js";
import { mayWrite } from "./session.js";
import { undo } from "./undo.js";

const verbs = {
  create: "Created",
  change: "Changed",
  delete: "Deleted",
  changeMany: "Changed",
  deleteMany: "Deleted",
  import: "Imported",
  undo: "Undid",
};

const link = (id, text) => make("a", { href: `/changes/${id}` }, text);
const numberLink = (id, text) => make("a", { href: `/numbers/${id}` }, text);

/** Describes a change of `subject`, with links to the change it undid and to its undo. @param {Change} change */
export const describe = ({ kind, undoes, undoneBy }, subject) => [
  verbs[kind] ?? kind,
  undoes && [" ", link(undoes, `change ${undoes}`), " of"],
  " ",
  subject,
  undoneBy && make("span.soft", " · ", link(undoneBy, "undone")),
];

/** The changed members; a number that was created or deleted is already named. @param {Difference} number */
const difference = ({ before, after }) =>
  make(
    "ul.difference",
    differing(before, after).filter((name) => name !== "value" || (before && after)).map((name) =>
      make("li", make("span.soft", `${labelOf(name)} `), shownMember(name, { before, after }))
    ),
  );

/** Numbers in the table's columns, before and after a change. @param {(Difference & { id: number })[]} numbers */
export const comparison = (numbers) =>
  grid(
    "Numbers",
    members.map(({ label }) => label),
    numbers.map((number) =>
      members.map(({ name }) => {
        const shown = shownMember(name, number);
        return name === "value" ? numberLink(number.id, shown) : shown;
      })
    ),
  );

/** @param {Change} change */
export const undoButton = (change) =>
  mayWrite() && !change.undoneBy &&
  button("Undo", {
    class: "undo",
    "aria-label": `Undo change ${change.id}`,
    onclick: ({ currentTarget }) => whileBusy([currentTarget], () => undo(change.id)),
  }, "undo");

/** What a change did, and how its number has changed, if that is known. @param {Change} change */
function effect(change) {
  const { id, count, number } = change;
  const one = number && (number.id ? numberLink(number.id, (number.after ?? number.before).value) : "this number");
  const all = (count > 1 || !number) && link(id, counted(count));
  return make(
    "div.effect",
    make("span", describe(change, [all, all && one && ", including ", one])),
    number && difference(number),
  );
}

/** @param {Change[]} changes @param {string} label */
export const changeTable = (changes, label) =>
  make(
    "div.changes",
    grid(
      label,
      ["Time", "User", "Change", ""],
      changes.map((change) => [
        link(change.id, time(change.at)),
        make("span.name", change.username),
        effect(change),
        make("div.end", undoButton(change)),
      ]),
    ),
  );
