// What a browser remembers of how somebody likes to work: nothing of the inventory, and no secret.

const defaults = { perPage: "25", rows: "comfortable", currency: "", keys: "on" };

/** A browser may forbid its memory; then what is said holds for this page. */
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
