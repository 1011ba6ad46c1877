// The user's preferences in this browser: no inventory data, and no secret.

const defaults = { perPage: "25", rows: "comfortable", currency: "", keys: "on" };

/** Preferences of this page: they apply without storage, too. */
const inMemory = {};

export function preference(name) {
  if (name in inMemory) return inMemory[name];
  try {
    return localStorage.getItem(name) ?? defaults[name];
  } catch {
    return defaults[name];
  }
}

export function prefer(name, value) {
  inMemory[name] = value;
  try {
    if (value === defaults[name]) localStorage.removeItem(name);
    else localStorage.setItem(name, value);
  } catch { /* The page keeps it. */ }
}
