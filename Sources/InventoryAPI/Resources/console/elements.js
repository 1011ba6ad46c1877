// Small means to build and find elements. Text is only ever set as text.

export const find = (id) => document.getElementById(id);

/** An element with attributes, listeners (`onclick`) and children. */
export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
    else if (value === true) made.setAttribute(key, "");
    else if (value !== false && value != null) made.setAttribute(key, value);
  }
  made.append(...children);
  return made;
}

/** Shows `text`, and nothing where there is none. */
export function show(target, text) {
  target.textContent = text ?? "";
  target.hidden = !text;
}

/** Opens a dialog, and gives the focus back to where it was once it closes. */
export function open(dialog) {
  const before = document.activeElement;
  dialog.addEventListener("close", () => {
    if (before?.isConnected && !before.disabled) before.focus();
  }, { once: true });
  dialog.showModal();
}
