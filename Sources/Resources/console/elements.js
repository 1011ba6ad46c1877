// Helpers that build and find elements. Text is never parsed as HTML.

/** @type {<ID extends keyof PageElements>(id: ID) => PageElements[ID]} */
export const find = (id) => /** @type {any} */ (document.getElementById(id));

/**
 * An element by its name, `#id` and `.class`es, with attributes, listeners (`onclick`) and children.
 * Null and false are left out.
 * @template {string} Text
 * @param {Text} what
 * @param {Attributes | Child} [attributes]
 * @param {...Child} children
 * @returns {Made<Text>}
 */
export function make(what, attributes, ...children) {
  const [name, ...classes] = what.split(".");
  const [tag, id] = name.split("#");
  const element = /** @type {Made<Text>} */ (document.createElement(tag));
  if (id) element.id = id;
  if (classes.length > 0) element.className = classes.join(" ");
  const isPlain = attributes?.constructor === Object;
  for (const [key, value] of Object.entries(isPlain ? attributes : {})) {
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else if (value === true) element.setAttribute(key, "");
    else if (value !== false && value != null) element.setAttribute(key, value);
  }
  element.append(
    .../** @type {any[]} */ (isPlain ? children : [attributes, ...children]).flat(Infinity).filter((child) =>
      child != null && child !== false
    ),
  );
  return element;
}

/** Users type and read the digits 0 to 9 in each language. */
const latin = { numberingSystem: "latn" };
/** A count in the browser's language. @type {(value: number, options?: Intl.NumberFormatOptions) => string} */
export const localized = (value, options) => value.toLocaleString(undefined, { ...latin, ...options });

/** Such as `1 number`, `2 numbers`. */
export const counted = (count, noun = "number") => `${localized(count)} ${noun}${count === 1 ? "" : "s"}`;

export const capitalize = (word) => word[0].toUpperCase() + word.slice(1);

const icons = {
  add: "M8 3v10M3 8h10",
  close: "M4 4l8 8M12 4l-8 8",
  copy: "M6 6h7v7H6zM3 10V3h7",
  download: "M8 2v8M5 7l3 3 3-3M3 13h10",
  edit: "M3 13l1-3 7-7 2 2-7 7zM10 4l2 2",
  filter: "M2 4h12M4 8h8M6 12h4",
  more: "M2.5 8h1M7.5 8h1M12.5 8h1",
  remove: "M3 5h10M6 5V3h4v2M5 5l1 8h4l1-8",
  undo: "M6 3L3 6l3 3M3 6h6a4 4 0 0 1 0 8H7",
};

/** An icon beside a text, or alone with an `aria-label`. @param {keyof typeof icons} name */
export function icon(name) {
  const element = find("icon").content.firstElementChild.cloneNode(true);
  element.firstElementChild.setAttribute("d", icons[name]);
  return element;
}

/**
 * A button with a text and an icon.
 * @param {string} text
 * @param {Attributes} [attributes]
 * @param {keyof typeof icons} [iconName]
 */
export const button = (text, attributes = {}, iconName = null) =>
  make("button", { type: "button", ...attributes }, iconName && icon(iconName), iconName ? make("span", text) : text);

export const alertLine = (id = null) => make("p.error", { id, role: "alert" });
/** The top of a page: its heading and its controls. */
export const title = (text, ...more) => make("div.title", make("h1", { tabindex: "-1" }, text), more);
export const labelled = (label, control, ...more) =>
  make("div.field", make("label", { for: control.id }, label), control, more);
/** A checkbox or radio button with its text. */
export const choice = (input, ...words) => make("label.choice", input, make("span", words[0]), words.slice(1));
export const select = (attributes, options, chosen) =>
  make(
    "select",
    attributes,
    options.map(([value, text]) => make("option", { value, selected: value === chosen }, text)),
  );

/** A table of plain cells, which scrolls if it is too wide. */
export const grid = (label, heads, rows) =>
  make(
    "div.grid",
    { tabindex: "0", role: "region", "aria-label": label },
    make(
      "table",
      {},
      make("thead", make("tr", heads.map((text) => make(text ? "th" : "td", text ? { scope: "col" } : {}, text)))),
      make("tbody", rows.map((cells) => make("tr", cells.map((cell) => make("td", cell))))),
    ),
  );

/** Focuses the page's first field or heading after the focused element was removed. */
export function focusHeading() {
  (document.querySelector("main [autofocus]") ?? document.querySelector("main h1"))?.focus({ preventScroll: true });
}

/**
 * Calls `change`, and moves the focus if `change` removes the focused element.
 * @param {() => void} change
 * @param {(focused: Element) => void} [otherwise]
 */
export function keepingFocus(change, otherwise = focusHeading) {
  const focused = document.activeElement;
  change();
  if (focused && focused !== document.body && (!focused.isConnected || focused.closest("[hidden]"))) otherwise(focused);
}

/**
 * The control that replaced a removed one: it has the same label.
 * @type {(control: Element, container?: ParentNode) => HTMLElement}
 */
export const replacementOf = (control, container = document) =>
  control?.ariaLabel &&
  [...container.querySelectorAll("[aria-label]")].find(({ ariaLabel }) => ariaLabel === control.ariaLabel);

/** The time of a change in the browser's time zone and language. */
export function time(text) {
  const shown = new Date(text).toLocaleString(undefined, { ...latin, dateStyle: "medium", timeStyle: "short" });
  return make("time", { datetime: text, title: text, dir: "auto" }, shown);
}

/** Saves a file, as if it were downloaded. */
export function saveFile(pieces, type, name) {
  const address = URL.createObjectURL(new Blob(pieces, { type }));
  make("a", { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 60000);
}
