import assert from "node:assert/strict";
import test from "node:test";
import { kindOf } from "../../Sources/Resources/console/adjustments.js";
import { hasChoices, noChoices, parametersOf, rowsWithErrors } from "../../Sources/Resources/console/import-errors.js";
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

test("rows with errors keep all their cells, and get one that explains the errors", () => {
  const text = 'sep=;\r\n;;\r\nNumber;Note;Monthly price\r\n1;a;2\r\n3;"b\n""c;";x\r\n4;d;5';
  const errors = [
    { line: 5, member: "value", text: 'is "short"' },
    { line: 5, member: "monthyPrice", text: "is no price" },
    { line: 7, member: "", text: "is wrong" },
  ];
  const rows = [
    'Number;Note;Monthly price;"Error"',
    '3;"b\n""c;";x;"Number is ""short""; Monthly price is no price"',
    '4;d;5;"is wrong"',
  ];
  const form = { separator: ";", encoding: "UTF-8" };
  assert.deepEqual(rowsWithErrors(errors, { body: text }, form), rows);
  assert.deepEqual(rowsWithErrors(errors, { body: new TextEncoder().encode(text).buffer }, form), rows);
  const units = [...`\ufeff${text}`].flatMap((character) => [0, character.charCodeAt(0)]);
  const bytes = new Uint8Array(units.with(0, 0xfe).with(1, 0xff));
  assert.deepEqual(rowsWithErrors(errors, { body: bytes.buffer }, { ...form, encoding: "UTF-16" }), rows);
});
