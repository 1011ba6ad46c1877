// Small means to build and find elements. Text is only ever set as text.

export const find = (id) => document.getElementById(id);

/** An element with attributes, listeners (`onclick`) and children; what is null or false is left out. */
export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
    else if (value === true) made.setAttribute(key, "");
    else if (value !== false && value != null) made.setAttribute(key, value);
  }
  made.append(...children.flat(Infinity).filter((child) => child != null && child !== false));
  return made;
}

/** Shows `text`, and nothing where there is none. */
export function show(target, text) {
  target.textContent = text ?? "";
  target.hidden = !text;
}

/** As people count: `1 number`, `2 numbers`. */
export const counted = (count, noun = "number") => `${count.toLocaleString()} ${noun}${count === 1 ? "" : "s"}`;

/** A picture beside words, or instead of words that `aria-label` says. */
export const icon = (name) => find("icons").content.querySelector(`.${name}`).cloneNode(true);

/** A button with a picture and a word. */
export const button = (text, attributes = {}, picture = null) =>
  element("button", { type: "button", ...attributes }, picture && icon(picture), picture ? element("span", {}, text) : text);

export const alertLine = (id = null) => element("p", { id, class: "fault", role: "alert" });
/** The top of a page: its heading, and what can be done. */
export const title = (text, ...more) => element("div", { class: "title" }, element("h1", { tabindex: "-1" }, text), more);
/** A box or a button of a group, with its words. */
export const choice = (input, ...words) => element("label", { class: "choice" }, input, element("span", {}, words[0]), words.slice(1));
export const select = (attributes, options, chosen) =>
  element("select", attributes, options.map(([value, text]) => element("option", { value, selected: value === chosen }, text)));

/** A table of plain cells, which scrolls by itself where it is too wide. */
export const grid = (label, heads, rows) => element("div", { class: "grid", tabindex: "0", role: "region", "aria-label": label }, element("table", {},
  element("thead", {}, element("tr", {}, heads.map((text) => element(text ? "th" : "td", text ? { scope: "col" } : {}, text)))),
  element("tbody", {}, rows.map((cells) => element("tr", {}, cells.map((cell) => element("td", {}, cell)))))));

/** Where the focus goes when what had it is gone: the heading of the page. */
export function focusHeading() {
  document.querySelector("main h1")?.focus({ preventScroll: true });
}

/** Calls `change`, and sees to it that the focus does not fall out of the page with what it removes. */
export function keepingFocus(change, otherwise = focusHeading) {
  const had = document.activeElement;
  const hadSome = had && had !== document.body;
  change();
  if (hadSome && (!had.isConnected || had.closest("[hidden]"))) otherwise();
}

/** The time of a change as the reader's clock and language have it. */
export function time(text) {
  const shown = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" }).format(new Date(text));
  return element("time", { datetime: text, title: text }, shown);
}
