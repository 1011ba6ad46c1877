// The user's preferences in this browser: no inventory data, and no secret.

const defaults = { perPage: "25", rows: "comfortable", currency: "", keys: "on" };

/** If the browser forbids storage, preferences last as long as the page. */
const said = {};

export function preference(name) {
  if (name in said) return said[name];
  try { return localStorage.getItem(name) ?? defaults[name]; } catch { return defaults[name]; }
}

export function prefer(name, value) {
  said[name] = value;
  try {
    if (value === defaults[name]) localStorage.removeItem(name);
    else localStorage.setItem(name, value);
  } catch { /* It holds for this page. */ }
}
