// What the table shows, as the page's address: reload, back and a shared link work.

const defaults = { page: "1", perPage: "25", sort: "id", q: "", currency: "" };

/** From the address; what it does not say is the default. */
export function read() {
  const parameters = new URLSearchParams(location.search);
  return Object.fromEntries(Object.entries(defaults).map(([name, value]) => [name, parameters.get(name) || value]));
}

/** As the API's query, whole, or without what is the default. */
export function query(view, { short = false } = {}) {
  const entries = Object.entries(view).filter(([name, value]) => value !== "" && !(short && value === defaults[name]));
  return new URLSearchParams(entries).toString();
}

/** @param replace whether the step before is not worth going back to, as while somebody types. */
export function write(view, { replace = false } = {}) {
  const text = query(view, { short: true });
  const address = location.pathname + (text ? `?${text}` : "");
  if (address === location.pathname + location.search) return;
  history[replace ? "replaceState" : "pushState"](null, "", address);
}
