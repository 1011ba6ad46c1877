import assert from "node:assert/strict";
import test from "node:test";
import { kindOf } from "../../Sources/Resources/console/adjustments.js";
import { hasChoices, noChoices, parametersOf } from "../../Sources/Resources/console/import-errors.js";
import { readable } from "../../Sources/Resources/console/import-report.js";

test("the choices about a file become parameters", () => {
  const choices = noChoices();
  assert(!hasChoices(choices));
  choices.columns.set("City, country", "").set("Preis", "monthyPrice");
  choices.corrections.set("2:value", "+55 84").set("3:currency", "U$");
  choices.skipped.add(3);
  assert(hasChoices(choices));
  const parameters = parametersOf({ ...choices, decimal: "," }, { mode: "upsert" });
  assert.deepEqual([...parameters], [
    ["mode", "upsert"],
    ["decimal", ","],
    // A comma separates two columns.
    ["ignore", "City  country"],
    ["assign", "Preis:monthyPrice"],
    // The corrections of skipped lines are not sent.
    ["correct", "2:value:+55 84"],
    ["skip", "3"],
  ]);
});

test("more corrections than an address can have are an error", () => {
  const choices = noChoices();
  for (let line = 2; line < 1000; line += 1) choices.corrections.set(`${line}:value`, "+55 84 91234-4321");
  assert.throws(() => parametersOf(choices, {}), { message: /^These are too many corrections/ });
});

test("messages of the API show no names of its members", () => {
  assert.equal(readable("monthyPrice must not be negative"), "Monthly price must not be negative");
});

test("a text means a kind of change", () => {
  const kinds = { "+10 %": "percent", "10%": "percent", "+0.01": "plus", "−0.01": "plus", "0.05": "to", " ": "" };
  for (const [text, kind] of Object.entries(kinds)) assert.equal(kindOf(text), kind);
});
