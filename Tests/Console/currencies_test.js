import assert from "node:assert/strict";
import test from "node:test";
import { isAlike } from "../../Sources/Resources/console/currencies.js";

test("currencies look alike despite case, width, accents, order, scripts and missing letters", () => {
  for (
    const [typed, known] of [
      ["r$", "R$"],
      ["US$", "U$"],
      ["Ｕ＄", "U$"],
      ["U\u0301$", "U$"],
      ["₤", "£"],
      ["$U", "U$"],
      ["\u0410$", "A$"],
      ["\u0395UR", "EUR"],
    ]
  ) {
    assert(isAlike(typed, known), typed);
    assert(isAlike(known, typed), typed);
  }
});

test("other currencies are new", () => {
  for (const [typed, known] of [["C$", "U$"], ["$", "U$"], ["₿", "€"], ["USD", "U$"], ["USD", "EUR"]]) {
    assert(!isAlike(typed, known), typed);
    assert(!isAlike(known, typed), typed);
  }
});
