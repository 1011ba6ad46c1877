// Shows what an import would do, or has done.

import { choice, counted, localized, make } from "./elements.js";
import { labelOf, members } from "./members.js";
import { previewGrid, shownOf } from "./preview.js";

const outcomes = [["created", "New"], ["changed", "Changed"], ["unchanged", "Unchanged"]];
const names = members.map(({ name }) => name).filter((name) => name !== "value");

/** A text of the API with the console's names, and without its parameters. */
export const readable = (text) =>
  text.replace(/\b(monthyPrice|setupPrice|value(?=, monthyPrice)|(?<=read as )(value|currency))\b/g, labelOf)
    .replace(/, or give \S+ for the file|\. Rename the columns, assign them.*/, "")
    .replace("give sheet=", "enter the name ");

/** @param verb is what happened to the rows; `choices` has the user's corrections. @returns lines about all rows. */
export const summary = ({ rows, created, changed, unchanged, decimal, notes }, verb, { corrections, skipped }) =>
  make(
    "div",
    make(
      "p",
      make("strong", `${counted(rows, "row")} ${verb}`),
      `: ${localized(created)} new, ${localized(changed)} changed, ${localized(unchanged)} unchanged.`,
    ),
    corrections.size > 0 && make("p.soft", `${counted(corrections.size, "cell")} corrected on this page.`),
    skipped.size > 0 && make("p.soft", `${counted(skipped.size, "row")} left out.`),
    decimal && make("p.soft", `Prices read with a decimal ${decimal === "," ? "comma" : "point"}.`),
    notes.map((note) => make("p.soft", readable(note))),
  );

/** The first rows of each outcome, of which the user chooses one. @param lineOf formats a line. */
export function rowPreview(body, lineOf) {
  const found = outcomes.filter(([outcome]) => body[outcome] > 0);
  if (found.length === 0) return null;
  const shown = make("div");
  const show = (outcome) => {
    const rows = body.examples.filter((row) => row.outcome === outcome);
    shown.replaceChildren(previewGrid(rows, names, lineOf), shownOf(rows.length, body[outcome]) || "");
  };
  show(found[0][0]);
  return make(
    "div#preview",
    make(
      "fieldset.row",
      make("legend.hidden", "Rows"),
      found.map(([value, text], index) =>
        choice(
          make("input", { type: "radio", name: "outcome", value, checked: index === 0, onchange: () => show(value) }),
          `${text} (${localized(body[value])})`,
        )
      ),
    ),
    shown,
  );
}
