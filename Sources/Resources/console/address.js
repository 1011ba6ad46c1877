// Keeps the view in the page's address, so that a reload, going back and a shared link show the same view.

import { members } from "./members.js";

const ranges = members.filter(({ isPrice }) => isPrice).flatMap(({ name }) => [`${name}From`, `${name}To`]);
const filters = ["q", "currency", "prefix", "suffix", ...ranges];

/** Reads the view of a list from the page's query, or its defaults. */
export function readView(defaults, search = location.search) {
  const parameters = new URLSearchParams(search);
  return Object.fromEntries(Object.entries(defaults).map(([name, value]) => [name, parameters.get(name) || value]));
}

/** Formats a view as the API's query, without values that equal `defaults`. */
export function query(view, defaults = {}) {
  return new URLSearchParams(Object.entries(view).filter(([name, value]) => value !== "" && value !== defaults[name]))
    .toString();
}

/** @param replace whether to replace the history entry, for example while the user types. */
export function writeView(view, defaults, { replace = false } = {}) {
  const text = query(view, defaults);
  const address = location.pathname + (text ? `?${text}` : "");
  if (address === location.pathname + location.search) return;
  history[replace ? "replaceState" : "pushState"](null, "", address);
}

/** The row and the scroll position of each view when it was left, by its query. */
const positions = new Map();
const maxPositions = 100;
export const positionOf = (view) => positions.get(query(view)) ?? null;

/** Makes one history entry for each filter, also while the user types. @param position returns the page's position. */
export function createEntries(defaults, position) {
  /** The newest entry's view, and the filters that it changed: further changes of these replace the entry. */
  let entry = { view: null, filters: "" };

  /** Keeps the position for going back to the entry's view. */
  function remember() {
    if (!entry.view) return;
    if (positions.size >= maxPositions) positions.clear();
    positions.set(query(entry.view), position());
  }

  return {
    remember,
    /** @param isFromAddress whether the browser made the entry. */
    write(view, { isReplacing, isFromAddress }) {
      if (view === entry.view) return;
      remember();
      const changed = filters.filter((name) => entry.view && entry.view[name] !== view[name]).join();
      const isRepeated = changed !== "" && changed === entry.filters;
      writeView(view, defaults, { replace: isReplacing || isFromAddress || isRepeated });
      entry = { view, filters: isFromAddress ? "" : changed };
    },
  };
}

/** A view's filters, as the API's members. */
export const filtersOf = (view) =>
  Object.fromEntries(filters.filter((name) => view[name]).map((name) => [name, view[name]]));
export const noFilters = Object.fromEntries(filters.map((name) => [name, ""]));

/** Opens another address of the console. */
export function navigate(address) {
  if (address !== location.pathname + location.search) history.pushState(null, "", address);
  dispatchEvent(new PopStateEvent("popstate"));
}
