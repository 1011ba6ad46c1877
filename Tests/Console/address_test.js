import assert from "node:assert/strict";
import test from "node:test";
import { filtersOf, noFilters, query, readView } from "../../Sources/Resources/console/address.js";

const defaults = { page: "1", sort: "id", ...noFilters };

const searches = {
  "": {},
  "?page=2&sort=-value": { page: "2", sort: "-value" },
  "?currency=U%24&monthyPriceFrom=0.03": { currency: "U$", monthyPriceFrom: "0.03" },
  "?q=%2B55+84": { q: "+55 84" },
};

test("a view is the same after it was written to an address", () => {
  for (const [search, changes] of Object.entries(searches)) {
    const view = { ...defaults, ...changes };
    assert.deepEqual(readView(defaults, search), view);
    assert.equal(query(view, defaults), search.slice(1));
  }
});

test("empty and unknown parameters are ignored", () => {
  assert.deepEqual(readView(defaults, "?page=&other=1"), defaults);
});

test("only filters with a value are sent", () => {
  assert.equal(query({ q: "55", ids: "" }), "q=55");
  const view = { ...defaults, page: "3", prefix: "+55", setupPriceTo: "3.40" };
  assert.deepEqual(filtersOf(view), { prefix: "+55", setupPriceTo: "3.40" });
});
