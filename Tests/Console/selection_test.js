import assert from "node:assert/strict";
import test from "node:test";
import { createSelection } from "../../Sources/Resources/console/selection.js";

const numbers = [1, 2, 3].map((id) => ({ id }));

/** A selection, and how often it has changed. */
function selected() {
  const calls = [];
  const selection = createSelection(() => calls.push(1));
  selection.total = 800;
  return { selection, calls };
}

test("single numbers are selected and deselected", async () => {
  const { selection, calls } = selected();
  assert(selection.isEmpty);
  selection.set(numbers, true);
  selection.set([numbers[1]], false);
  assert.deepEqual([1, 2, 3].map(selection.has), [true, false, true]);
  assert.equal(selection.count, 2);
  assert.deepEqual(await selection.describe(), { ids: [1, 3] });
  selection.remove(3);
  selection.remove(7);
  assert.deepEqual(await selection.describe(), { ids: [1] });
  assert.equal(calls.length, 3);
});

test("all matches are selected by their filters, or by ids if some are excluded", async () => {
  const { selection } = selected();
  selection.set(numbers, true);
  selection.setAll({ q: "55" });
  assert(selection.has(9));
  assert.deepEqual(await selection.describe(), { q: "55" });
  selection.set([numbers[0]], false);
  assert.deepEqual([selection.has(1), selection.has(2), selection.count], [false, true, 799]);
  globalThis.fetch = () => Promise.resolve(new Response('{"id":1}\n{"id":2}\n'));
  assert.deepEqual(await selection.describe(), { ids: [2] });
  selection.total = 100_002;
  await assert.rejects(selection.describe(), { message: "At most 100,000 numbers can be changed at once." });
  selection.setAll({});
  assert.deepEqual(await selection.describe(), { all: true });
});

test("other filters clear a selection of all matches, not one of single numbers", () => {
  const { selection } = selected();
  selection.setAll({ q: "55" });
  selection.clearUnlessFilters({ q: "55" });
  assert(!selection.isEmpty);
  selection.clearUnlessFilters({ q: "5" });
  assert(selection.isEmpty);
  selection.set(numbers, true);
  selection.clearUnlessFilters({ q: "55" });
  assert.equal(selection.count, 3);
});
