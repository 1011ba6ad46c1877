import assert from "node:assert/strict";
import test from "node:test";
import { differing, formatMember, isEqual, labelOf, readMember } from "../../Sources/Resources/console/members.js";

const number = { value: "+55 84 91234-4321", monthyPrice: "0.03", setupPrice: "3.40", currency: "U$" };

test("texts of the same value are equal", () => {
  assert(isEqual("value", "+5584912344321", number.value));
  assert(!isEqual("value", "+5584912344322", number.value));
  assert(isEqual("monthyPrice", "3.4", "3.40"));
  assert(!isEqual("monthyPrice", "3.4", "3.41"));
  assert(isEqual("currency", "\u00c5", "A\u030a"));
  assert(!isEqual("currency", "U$", "u$"));
});

test("input loses blanks, and the apostrophe of a spreadsheet", () => {
  assert.equal(readMember("value", " '+55 84 "), "+55 84");
  assert.equal(readMember("currency", " U$ "), "U$");
  assert.equal(readMember("setupPrice", " 3.40 "), "3.40");
});

test("a difference has the members that differ, or all members of a new number", () => {
  assert.deepEqual(differing(number, { ...number, currency: "€", setupPrice: "3.4" }), ["setupPrice", "currency"]);
  assert.deepEqual(differing(null, number), Object.keys(number));
  assert.equal(formatMember("monthyPrice", undefined), "–");
});

test("users see labels, and unknown members by their names", () => {
  assert.equal(labelOf("monthyPrice"), "Monthly price");
  assert.equal(labelOf("city"), "city");
});
