// The table's filters: the search, the panel beside it, and chips for active filters.

import { filtersOf, noFilters } from "./address.js";
import { createCurrencyFilter } from "./currency-filter.js";
import { button, keepingFocus, make } from "./elements.js";
import { field, showFieldError } from "./dialog.js";
import { labelOf, members } from "./members.js";
import { editablePrice, formatPrice, isPrice, parsePrice } from "./prices.js";

const typingPause = 200;
const texts = { prefix: "Starts with", suffix: "Ends with" };
const prices = members.filter(({ isPrice }) => isPrice).map(({ name }) => name);
const bounds = prices.flatMap((name) => [`${name}From`, `${name}To`]);
const fields = [...Object.keys(texts), ...bounds];

/** Describes a filter. */
export function describe(name, value) {
  if (name === "q") return `Contains ${value}`;
  if (texts[name]) return `${texts[name]} ${value}`;
  if (name === "currency") return `Currency ${value}`;
  return name.endsWith("From")
    ? `${labelOf(name.slice(0, -4))} from ${formatPrice(value)}`
    : `${labelOf(name.slice(0, -2))} up to ${formatPrice(value)}`;
}

/** Whether a text can be a filter as it is; an ending needs three digits. */
const isComplete = (name, text) =>
  name === "suffix" ? text.replace(/\P{Nd}/gu, "").length > 2 : name === "prefix" || isPrice(text);

/** The page's names of the API's parameters and members. */
const names = {
  ...Object.fromEntries(members.map(({ name, label }) => [name, label])),
  ...Object.fromEntries(bounds.map((name) => [name, describe(name, "").trim()])),
  ...texts,
  perPage: "Rows per page",
  sort: "Sort by",
};
/** A text of the API with the page's names. */
const readable = (text) =>
  text.replace(new RegExp(`\\b(${Object.keys(names).join("|")})\\b`, "g"), (name) => `“${names[name]}”`);

/** @param onChange gets the changed filters; `onEnter` is called when the user leaves the search for its results. */
export function createFilters({ signal, onChange, onEnter }) {
  let typing = null;
  let view = noFilters;

  const search = make("input#q", {
    type: "search",
    inputmode: "tel",
    autocomplete: "off",
    placeholder: "Search digits",
    "aria-label": "Search",
    "aria-keyshortcuts": "/",
  });
  const toggle = button("Filters", {
    id: "filter-toggle",
    "aria-expanded": "false",
    "aria-controls": "filter-panel",
    onclick: () => open(toggle.ariaExpanded !== "true"),
  }, "filter");
  const chips = make("ul#chips", { "aria-label": "Active filters", hidden: true });
  const currencies = createCurrencyFilter(signal);
  const panel = make(
    "form#filter-panel",
    { "aria-label": "Filters" },
    make("fieldset", make("legend", "Currency"), currencies.list),
    Object.entries(texts).map(([name, label]) =>
      field({ label, id: name, name, inputmode: "tel", placeholder: name === "prefix" ? "+55 84" : "4321" })
    ),
    ...prices.map((name) =>
      make(
        "fieldset",
        make("legend", labelOf(name)),
        make(
          "div.range",
          field({ label: "From", id: `${name}From`, name: `${name}From`, inputmode: "decimal" }),
          field({ label: "Up to", id: `${name}To`, name: `${name}To`, inputmode: "decimal" }),
        ),
      )
    ),
  );

  function open(isOpen) {
    toggle.ariaExpanded = isOpen;
    panel.classList.toggle("open", isOpen);
    if (isOpen) panel.querySelector("input:checked, input")?.focus();
  }

  for (const part of [search, panel]) {
    part.addEventListener("input", () => {
      clearTimeout(typing);
      typing = setTimeout(() => change(read()), typingPause);
    });
  }
  search.addEventListener("keydown", (event) => {
    if (event.isComposing || !["Enter", "ArrowDown", "Escape"].includes(event.key)) return;
    event.preventDefault();
    if (event.key === "Escape") search.value = "";
    change(read());
    if (event.key !== "Escape") onEnter();
  });
  panel.addEventListener("change", () => change(read({ isTyping: false })));
  panel.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !panel.classList.contains("open")) return;
    open(false);
    toggle.focus();
  });
  signal.addEventListener("abort", () => clearTimeout(typing), { once: true });

  /** Reads all filters. While the user types, a text that is not complete keeps its filter. */
  function read({ isTyping = true } = {}) {
    clearTimeout(typing);
    const changes = { q: search.value.trim(), currency: panel.elements.currency.value };
    for (const name of fields) {
      const input = panel.elements[name];
      showFieldError(input, "");
      try {
        const text = texts[name] ? input.value.trim() : parsePrice(input.value);
        if (!isTyping || text === "" || isComplete(name, text)) changes[name] = text;
      } catch (error) {
        if (!isTyping) showFieldError(input, `This ${error.message}.`);
      }
    }
    if (!isTyping) panel.querySelector("[aria-invalid]")?.focus();
    return changes;
  }

  /** Shows changed filters. @returns whether any has changed. */
  function apply(changes) {
    if (Object.keys(changes).every((name) => changes[name] === view[name])) return false;
    view = { ...view, ...changes };
    paint();
    return true;
  }

  function change(changes) {
    if (apply(changes)) onChange(changes);
  }

  function clear(names = Object.keys(noFilters)) {
    const changes = Object.fromEntries(names.map((name) => [name, ""]));
    clearTimeout(typing);
    keepingFocus(() => {
      view = { ...view, ...changes };
      fill(view);
    }, () => (chips.querySelector("button") ?? search).focus());
    onChange(changes);
  }

  function paint() {
    currencies.paint(view.currency);
    const set = Object.entries(filtersOf(view));
    chips.replaceChildren(
      ...set.map(([name, value]) =>
        make(
          "li",
          button(describe(name, value), {
            class: "chip",
            "aria-label": `Remove filter: ${describe(name, value)}`,
            onclick: () => clear([name]),
          }, "close"),
        )
      ),
      ...(set.length > 0
        ? [
          make(
            "li",
            button("Clear", { id: "clear-filters", class: "link", onclick: () => clear() }),
          ),
        ]
        : []),
    );
    chips.hidden = set.length === 0;
    toggle.classList.toggle("on", set.some(([name]) => name !== "q"));
  }

  function fill(next) {
    view = { ...noFilters, ...filtersOf(next) };
    if (search.value.trim() !== view.q) search.value = view.q;
    for (const name of fields) {
      panel.elements[name].value = texts[name] ? view[name] : editablePrice(view[name]);
      showFieldError(panel.elements[name], "");
    }
    paint();
  }

  return {
    search,
    toggle,
    panel,
    chips,
    fill,
    /** Applies what is being typed to the next request. */
    typed() {
      const changes = read();
      apply(changes);
      return changes;
    },
    clear: () => clear(),
    /** Shows an error beside its fields, too. @returns its message, with the page's names. */
    explain({ message, problem }) {
      for (const { parameter, detail } of problem?.errors ?? []) {
        if (fields.includes(parameter)) showFieldError(panel.elements[parameter], readable(`It ${detail}.`));
      }
      return readable(message);
    },
    count: () => currencies.count(view),
  };
}
