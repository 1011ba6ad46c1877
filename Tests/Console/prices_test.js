import assert from "node:assert/strict";
import test from "node:test";
import { editablePrice, factorOf, formatPrice, parsePrice } from "../../Sources/Resources/console/prices.js";

const languages = {
  "en-US": ["1,234,567.50", "1234567.50"],
  "en-IN": ["12,34,567.50", "1234567.50"],
  "pt-BR": ["1.234.567,50", "1234567,50"],
  "de-CH": ["1’234’567.50", "1234567.50"],
  "fr-FR": ["1\u202f234\u202f567,50", "1234567,50"],
  // The digits 0 to 9 in languages that have others, too.
  "ar-EG": ["1,234,567.50", "1234567.50"],
  "fa-IR": ["1,234,567.50", "1234567.50"],
  "hi-IN": ["12,34,567.50", "1234567.50"],
};

for (const [language, [shown, editable]] of Object.entries(languages)) {
  test(`prices are shown and read in ${language}`, () => {
    assert.equal(formatPrice("1234567.50", language), shown);
    assert.equal(editablePrice("1234567.50", language), editable);
    for (const price of ["0", "0.03", "3.4000", "1.234", "1234.5", "1234567.50", "12345678901234567890.1234"]) {
      // The shown text can be copied and pasted back, with blanks around it.
      assert.equal(parsePrice(` ${formatPrice(price, language)}\u00a0`, language), price);
      assert.equal(parsePrice(editablePrice(price, language), language), price);
    }
  });
}

test("other forms of a price are read", () => {
  for (
    const [language, typed, price] of [
      ["en-US", "1 234.50", "1234.50"],
      ["en-US", "+1,234.50", "+1234.50"],
      ["en-US", "−0.05", "-0.05"],
      ["pt-BR", "0.12", "0.12"],
      ["pt-BR", "-1.234.567", "-1234567"],
      ["en-IN", "1,00,000", "100000"],
      ["en-IN", "1,234,567", "1234567"],
    ]
  ) assert.equal(parsePrice(typed, language), price);
});

test("an unreadable price is left to the API", () => {
  for (const typed of ["", "abc", "1,0,000", "1,23", "1.2.3", "1,234,56"]) {
    assert.equal(parsePrice(typed, "en-IN"), typed);
  }
  for (const text of ["1.23456", "1e3", "–"]) assert.equal(formatPrice(text, "en-IN"), text);
});

test("an ambiguous price is an error that names both readings", () => {
  const message = "could be 1234 or 1,234; write 1234,00 or 1,2340";
  assert.throws(() => parsePrice("1.234", "pt-BR"), { message });
  assert.throws(() => parsePrice("-1,234", "en-US"), { message: /^could be -1234 or -1.234;/ });
});

test("a percentage is an exact factor", () => {
  const factors = {
    "+10": "1.1",
    "10": "1.1",
    "-5.5": "0.945",
    "0": "1",
    "-100": "0",
    "+900": "10",
    "+0.0001": "1.000001",
    "-99.9999": "0.000001",
  };
  for (const [percentage, factor] of Object.entries(factors)) assert.equal(factorOf(percentage), factor);
  for (const wrong of ["", "ten", "-100.1", "1.00001", "12345678", "1e2"]) {
    assert.throws(() => factorOf(wrong), { message: /^must be a percentage such as \+10 or -5\.5,/ });
  }
});
