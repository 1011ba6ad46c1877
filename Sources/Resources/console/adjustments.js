// The fields of a change of many numbers: what happens to each price, and to the currency.

import { field, fieldError, showFieldError } from "./dialog.js";
import { counted, localized, make, select } from "./elements.js";
import { labelOf, members } from "./members.js";
import { factorOf, format, parsePrice } from "./prices.js";

const prices = members.filter(({ isPrice }) => isPrice).map(({ name }) => name);
const unchanged = "Don't change";
const kinds = Object.entries({
  "": unchanged,
  percent: "Change by percent",
  plus: "Add",
  times: "Multiply by",
  to: "Set to",
});

export const adjustments = () =>
  make(
    "div#adjustments",
    prices.map(adjustment),
    field({ label: "Currency", id: "to-currency", name: "currency", list: "currencies", placeholder: unchanged }),
  );

/** The kind of change that a text means if the user chooses none. */
export const kindOf = (text) =>
  /%\s*$/.test(text) ? "percent" : /^\s*[-−+]/.test(text) ? "plus" : text.trim() ? "to" : "";

function adjustment(name) {
  const label = labelOf(name);
  const kind = select({ name: `${name}-kind`, "aria-label": `${label}: change` }, kinds);
  const amount = make("input", {
    id: `to-${name}`,
    name,
    autocomplete: "off",
    placeholder: "such as +10 %",
    "aria-label": `${label}: amount`,
    "aria-describedby": `to-${name}-error`,
  });
  const decimals = select(
    { name: `${name}-decimals`, "aria-label": `${label}: decimals` },
    ["", 0, 1, 2, 3, 4].map((count) => [count, count === "" ? "Decimals as needed" : counted(count, "decimal")]),
  );
  let isChosen = false;
  const paint = () => {
    decimals.hidden = !["times", "percent"].includes(kind.value);
  };
  amount.addEventListener("input", () => {
    const meant = kindOf(amount.value);
    if (!isChosen || meant === "percent") kind.value = meant;
    paint();
  });
  kind.addEventListener("change", () => {
    isChosen = kind.value !== "";
    paint();
  });
  paint();
  return make(
    "fieldset",
    make("legend", label),
    make("div.range", kind, amount, decimals),
    fieldError(`to-${name}`),
  );
}

/** The API's `set`; null if a field has an error, which it then shows. */
export function readAdjustments({ elements }) {
  const set = {};
  const wrong = [];
  for (const name of prices) {
    const input = elements[name];
    const kind = elements[`${name}-kind`].value;
    const decimals = elements[`${name}-decimals`].value;
    showFieldError(input, "");
    if (!kind) continue;
    try {
      set[name] = adjust(kind, input.value);
      if (set[name].times && decimals) set[name].decimals = Number(decimals);
    } catch (error) {
      showFieldError(input, `${labelOf(name)} ${error.message}.`);
      wrong.push(input);
    }
  }
  const currency = elements.currency.value.trim();
  showFieldError(elements.currency, "");
  if (currency) set.currency = { to: currency };
  wrong[0]?.focus();
  return wrong.length > 0 ? null : set;
}

const adjust = (kind, text) =>
  kind === "percent" ? { times: factorOf(parsePrice(text.replace("%", ""))) } : { [kind]: parsePrice(text) };

/** Describes an adjustment's effect on one price of all numbers. */
export function effect(name, adjustment, result) {
  const { changed, unchangedByRounding, unchangedZero } = result;
  const span = (one, other, to = "–") => format(one) + (one === other ? "" : to + format(other));
  const stay = (count) => `, ${localized(count)} stay${count === 1 ? "s" : ""}`;
  return make(
    "p",
    labelOf(name),
    adjustment.times &&
      ` × ${format(adjustment.times)}, rounded half up to ${counted(adjustment.decimals ?? 4, "decimal")}`,
    `: ${counted(changed, "price")} ${changed === 1 ? "changes" : "change"}`,
    result.smallestPercent && ` by ${span(result.smallestPercent, result.largestPercent, " to ")} %`,
    changed > 0 && [
      `, ${span(result.lowestBefore, result.highestBefore)} → `,
      make("ins", span(result.lowestAfter, result.highestAfter)),
    ],
    unchangedByRounding > 0 && `${stay(unchangedByRounding)} the same because of rounding`,
    unchangedZero > 0 && `${stay(unchangedZero)} 0`,
    ".",
  );
}
