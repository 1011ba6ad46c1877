// Which numbers are selected: some, on whatever pages, or all that match.

/** @param onChange is called after each change. */
export function createSelection(onChange) {
  /** Each selected number by its id. */
  const numbers = new Map();
  /** The filters of which all matches are selected; null where only some are. */
  let matching = null;

  return {
    get isEmpty() { return !matching && numbers.size === 0; },
    get isAll() { return matching !== null; },
    has: (id) => matching !== null || numbers.has(id),
    count: (total) => (matching ? total : numbers.size),
    /** Selects these, or takes them out; of all that match, what is left is `page`. */
    set(chosen, isSelected, page) {
      if (matching) {
        matching = null;
        for (const number of page) numbers.set(number.id, number);
      }
      for (const number of chosen) {
        if (isSelected) numbers.set(number.id, number);
        else numbers.delete(number.id);
      }
      onChange();
    },
    setAll(filters) {
      numbers.clear();
      matching = filters;
      onChange();
    },
    /** The filters are others: all that match are not those any more. */
    filtersAre(filters) {
      if (matching && JSON.stringify(matching) !== JSON.stringify(filters)) this.clear();
    },
    clear() {
      numbers.clear();
      matching = null;
      onChange();
    },
    remove(id) {
      if (numbers.delete(id)) onChange();
    },
    /** As the API's `select`. */
    describe() {
      if (!matching) return { ids: [...numbers.keys()] };
      return Object.keys(matching).length > 0 ? matching : { all: true };
    },
  };
}
