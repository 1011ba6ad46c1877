// The filter of currencies, with the numbers of each that match the other filters.

import * as api from "./api.js";
import { filtersOf, query } from "./address.js";
import { choice, find, localized, make } from "./elements.js";

export function createCurrencyFilter(signal) {
  const list = make("div#currency-list");
  let chosen = "";
  let counts = [];
  /** The filters that are counted, and the tag of their counts. */
  let counted = null;
  let etag = null;
  /** The currencies that forms suggest: all that were ever counted. */
  const known = new Set();

  /** Shows the currencies, and which of them is chosen. */
  function paint(currency = chosen) {
    chosen = currency;
    const isShown = !chosen || counts.some(({ currency }) => currency === chosen);
    const choices = [
      { currency: "", label: "All", count: counts.reduce((sum, { count }) => sum + count, 0) },
      ...counts,
      ...(isShown ? [] : [{ currency: chosen, count: 0 }]),
    ];
    const isCounted = counts.every(({ count }) => count !== null);
    const key = JSON.stringify([choices, chosen]);
    if (list.dataset.shown === key) return;
    list.dataset.shown = key;
    const hadFocus = list.contains(document.activeElement);
    list.replaceChildren(...choices.map(({ currency, label = currency, count }) => {
      const input = make("input", { type: "radio", name: "currency", value: currency });
      input.checked = currency === chosen;
      return choice(input, label, isCounted && make("span.amount", localized(count)));
    }));
    if (hadFocus) list.querySelector("input:checked")?.focus();
    for (const { currency } of counts) known.add(currency);
    find("currencies").replaceChildren(...[...known].map((value) => make("option", { value })));
  }

  /** Counts the numbers of each currency that match the other filters. */
  async function count(view) {
    const { currency: _, ...others } = filtersOf(view);
    const filters = query(others);
    if (filters !== counted) etag = null;
    counted = filters;
    try {
      const response = await api.currencies(filters, { etag, signal });
      if (response.status === 304 || filters !== counted) return;
      etag = response.headers.get("ETag");
      counts = response.body;
      paint();
    } catch { /* The list shows the error. */ }
  }

  return { list, paint, count };
}
