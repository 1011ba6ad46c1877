// Asks the user to confirm a new currency that looks like an existing one.

import * as api from "./api.js";
import { open } from "./dialog.js";
import { button, counted, find, make } from "./elements.js";

// Cyrillic and Greek letters and a sign, each above the Latin letter or sign that it looks like.
const lookAlikes = "АВЕКМНОРСТХУІЅЈΑΒΕΖΗΙΚΜΝΟΡΤΥΧ₤";
const latin = "ABEKMHOPCTXYISJABEZHIKMNOPTYX£";
/** The currencies that the user confirmed. */
const confirmed = new Set();

/** Splits a currency into its letters and its signs; ignores case, width and accents. */
function normalize(currency) {
  const plain = currency.normalize("NFKD").toUpperCase().replace(
    /./gu,
    (each) => latin[lookAlikes.indexOf(each)] ?? each,
  );
  return [plain.replace(/\P{L}/gu, ""), plain.replace(/[\p{L}\p{M}]/gu, "")];
}

/** Whether two currencies look alike: they have the same signs, and the letters of one begin with the other's. */
export function isAlike(one, other) {
  const [[letters, signs], [otherLetters, otherSigns]] = [normalize(one), normalize(other)];
  const [short, long] = [letters, otherLetters].sort();
  return signs === otherSigns && long.startsWith(short) && (short !== "" || long === "");
}

/** @returns the currency to use, usually the typed one; null if the user chooses none. */
export async function confirmCurrency(typed, options) {
  const currency = typed.normalize();
  if (!currency || confirmed.has(currency) || [...find("currencies").options].some(({ value }) => value === currency)) {
    return currency;
  }
  const { body } = await api.currencies("", options);
  const alike = body.find((each) => isAlike(each.currency, currency));
  if (!alike || body.some((each) => each.currency === currency)) return currency;
  return new Promise((resolve) => {
    const use = (text, isPrimary) =>
      button(`Use ${text}`, {
        class: isPrimary ? "primary" : "",
        onclick: () => {
          confirmed.add(text);
          resolve(text);
          close();
        },
      });
    const { form, close } = open({
      id: "similar-currency",
      title: "A new currency?",
      actions: [use(currency), use(alike.currency, true)],
      isDirty: () => true,
      onLost: () => resolve(null),
      content: make(
        "p",
        `No number has the currency ${currency} yet. It looks like ${alike.currency}, which ${counted(alike.count)} ${
          alike.count === 1 ? "has" : "have"
        }.`,
      ),
    });
    form.querySelector(".cancel").focus();
  });
}
