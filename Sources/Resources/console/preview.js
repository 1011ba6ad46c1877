// Shows what a change or an import would do to numbers.

import { grid, localized, make } from "./elements.js";
import { formatMember, labelOf } from "./members.js";

/** A member's value; before and after, if it has changed. @type {(name: MemberName, number: Difference) => Child} */
export const shownMember = (name, { before, after }) =>
  before && after && before[name] !== after[name]
    ? [make("del", formatMember(name, before[name])), " → ", make("ins", formatMember(name, after[name]))]
    : formatMember(name, (before ?? after)[name]);

/**
 * A table of numbers before and after.
 * @param {(Difference & { line?: number })[]} rows
 * @param {MemberName[]} names are the columns after the phone number.
 * @param {((line: number) => string)} [lineOf] formats a row's line, for files.
 */
export const previewGrid = (rows, names, lineOf = null) =>
  grid(
    "Preview",
    [lineOf && "Line", "Number", ...names.map(labelOf)].filter((head) => head !== null),
    rows.map(({ line, before, after }) =>
      [
        lineOf && lineOf(line),
        (before ?? after).value,
        ...names.map((name) => shownMember(name, { before, after })),
      ].filter((cell) => cell !== null)
    ),
  );

/** A line that says how many of all rows are shown, if there are more. */
export const shownOf = (shown, total) =>
  total > shown && make("p.hint", `The first ${localized(shown)} of ${localized(total)}.`);
