// The selected numbers: either some, on any pages, or all matches, perhaps with exceptions.

import { localized } from "./elements.js";
import * as api from "./api.js";

/** The most numbers of one change, and of an address. */
const maxIDs = 100000;
const maxQueryIDs = 500;

/** @param onChange is called after each change. */
export function createSelection(onChange) {
  /** The ids of the selected numbers; while `matching` is set, of the excluded ones. */
  const ids = new Set();
  /** The filters of which all matches are selected; null if only some are. */
  let matching = null;

  const selection = {
    /** How many numbers match the table's filters. */
    total: 0,
    get isEmpty() {
      return !matching && ids.size === 0;
    },
    get count() {
      return matching ? selection.total - ids.size : ids.size;
    },
    has: (id) => ids.has(id) === (matching === null),
    /** Selects or deselects these numbers. */
    set(chosen, isSelected) {
      for (const { id } of chosen) ids[isSelected === (matching === null) ? "add" : "delete"](id);
      onChange();
    },
    setAll(filters) {
      ids.clear();
      matching = filters;
      onChange();
    },
    /** Clears a selection of all matches if the filters have changed. */
    clearUnlessFilters(filters) {
      if (matching && JSON.stringify(matching) !== JSON.stringify(filters)) selection.clear();
    },
    clear: () => selection.setAll(null),
    /** Forgets a number that was deleted. */
    remove(id) {
      if (ids.delete(id)) onChange();
    },
    /** The API's `select`; lists the ids if matches are excluded. @throws if they cannot be listed, or are too many. */
    async describe(options) {
      if (!matching) return { ids: [...ids] };
      if (ids.size === 0) return Object.keys(matching).length > 0 ? matching : { all: true };
      if (selection.count > maxIDs) {
        throw new Error(`At most ${localized(maxIDs)} numbers can be changed at once.`);
      }
      return { ids: (await api.listIDs(matching, options)).filter((id) => !ids.has(id)) };
    },
    /** The parameters of a list of the selected numbers. @throws if there are none, or too many for an address. */
    async query(options) {
      const { ids: some, all: _, ...filters } = await selection.describe(options);
      if (!some) return filters;
      if (some.length === 0) throw new Error("All of them are already deleted.");
      if (some.length <= maxQueryIDs) return { id: some.join() };
      throw new Error(`Select at most ${maxQueryIDs} numbers, or all that match.`);
    },
  };
  return selection;
}
