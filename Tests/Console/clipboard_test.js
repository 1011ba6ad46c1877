import assert from "node:assert/strict";
import test from "node:test";
import { rowOf } from "../../Sources/Resources/console/clipboard.js";
import { nameOf } from "../../Sources/Resources/console/exporting.js";
import { check, read } from "../../Sources/Resources/console/pasting.js";

const rows = [1, 2, 3].map((id) => ({ id, value: `+55 84 91234-432${id}` }));
const names = ["monthyPrice", "setupPrice", "currency"];

test("a copied row has its phone number as a text", () => {
  const number = { value: "+55 84 91234-4321", monthyPrice: "1234.50", setupPrice: "3.40", currency: "U$" };
  assert.equal(rowOf(number), '="+55 84 91234-4321"\t1234.50\t3.40\tU$');
});

test("pasted cells are read into the columns, without empty ones", async () => {
  const contents = await read([["1,234.50", ""], ["", ""], [" 0.05 ", "2"]], rows, names);
  assert.deepEqual(contents, [{ id: 1, monthyPrice: "1234.50" }, { id: 3, monthyPrice: "0.05", setupPrice: "2" }]);
});

test("an ambiguous or empty paste is an error", async () => {
  await assert.rejects(read([["0.05"], ["1,234"]], rows, names), {
    message: /^\+55 84 91234-4322: Monthly price could be 1234 or 1.234;/,
  });
  await assert.rejects(read([["", ""]], rows, names), { message: "The cells that you pasted are empty." });
});

test("pasted cells must fit the table and the selection", () => {
  const cells = [["1", "2"], ["3", "4"]];
  check(cells, { rows, names, selection: null });
  check(cells, { rows: rows.slice(1), names, selection: { count: 2 } });
  for (
    const [given, message] of [
      [{ names: ["currency"] }, /^You pasted 2 columns, and the table has only 1 from here\.$/],
      [{ rows: rows.slice(2) }, /^You pasted 2 rows, and the page has only 1 from here\.$/],
      [{ selection: { count: 3 } }, /^You pasted 2 rows, and selected 3: select as many as you paste, on one page\.$/],
      // Some selected rows are on other pages.
      [{ rows: rows.slice(1), selection: { count: 5 } }, /^You pasted 2 rows, and selected 5:/],
    ]
  ) assert.throws(() => check(cells, { rows, names, selection: null, ...given }), { message });
});

test("the name of an exported file contains its filters, in characters that file systems accept", () => {
  assert.equal(nameOf("numbers-2026.csv", []), "numbers-2026.csv");
  assert.equal(
    nameOf("numbers-2026.csv", ["Currency U$", "Contains ../55*", "Monthly price from 0.03"]),
    "numbers-currency-U$-contains-..-55-monthly-price-from-0.03-2026.csv",
  );
  assert(nameOf("numbers-2026.csv", ["x".repeat(500)]).length < 120);
});
