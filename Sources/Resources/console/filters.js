// The table's filters: the search, the panel beside it, and chips for active filters.

import { filtersOf, noFilters } from "./address.js";
import { createCurrencyFilter } from "./currency-filter.js";
import { button, icon, keepingFocus, make } from "./elements.js";
import { field, showFieldError } from "./dialog.js";
import { labelOf, members } from "./members.js";
import { editablePrice, formatPrice, parsePrice } from "./prices.js";

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
  const price = /^[\d.]+$/.test(value) ? formatPrice(value) : value;
  return name.endsWith("From")
    ? `${labelOf(name.slice(0, -4))} from ${price}`
    : `${labelOf(name.slice(0, -2))} up to ${price}`;
}

/** A text of the API with the filters' names. */
const readable = (text) => text.replace(new RegExp(bounds.join("|"), "g"), (name) => `“${describe(name, "").trim()}”`);

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
  const chips = make("ul#chips", { "aria-label": "Filters that are set", hidden: true });
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
          {},
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

  search.addEventListener("input", () => {
    clearTimeout(typing);
    typing = setTimeout(() => change(typed()), typingPause);
  });
  search.addEventListener("keydown", (event) => {
    if (event.isComposing || !["Enter", "ArrowDown", "Escape"].includes(event.key)) return;
    event.preventDefault();
    if (event.key === "Escape") search.value = "";
    change(typed());
    if (event.key !== "Escape") onEnter();
  });
  panel.addEventListener("change", (event) => {
    const { name, value } = /** @type {HTMLInputElement} */ (event.target);
    if (name === "currency") change({ ...typed(), currency: value });
    else changeFields();
  });
  panel.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !panel.classList.contains("open")) return;
    open(false);
    toggle.focus();
  });
  signal.addEventListener("abort", () => clearTimeout(typing), { once: true });

  /** Returns the search field's text, without waiting for a pause in typing. */
  function typed() {
    clearTimeout(typing);
    typing = null;
    return { q: search.value.trim() };
  }

  function changeFields() {
    const changes = typed();
    for (const name of Object.keys(texts)) {
      changes[name] = panel.elements[name].value.trim();
      showFieldError(panel.elements[name], "");
    }
    let invalid = null;
    for (const name of bounds) {
      const input = panel.elements[name];
      showFieldError(input, "");
      try {
        changes[name] = parsePrice(input.value);
      } catch (error) {
        showFieldError(input, `This ${error.message}.`);
        invalid ??= input;
      }
    }
    if (invalid) invalid.focus();
    else change(changes);
  }

  function change(changes) {
    if (Object.keys(changes).every((name) => changes[name] === view[name])) return;
    view = { ...view, ...changes };
    paint();
    onChange(changes);
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
          {},
          make(
            "button",
            {
              type: "button",
              class: "chip",
              "aria-label": `Remove filter: ${describe(name, value)}`,
              onclick: () => clear([name]),
            },
            describe(name, value),
            icon("close"),
          ),
        )
      ),
      ...(set.length > 0
        ? [
          make(
            "li",
            make("button.link", {
              type: "button",
              id: "clear-filters",
              onclick: () => clear(),
            }, "Clear"),
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
    /** Applies the search field's text to the next request. */
    typed() {
      const changes = typed();
      if (changes.q !== view.q) {
        view = { ...view, ...changes };
        paint();
      }
      return changes;
    },
    clear: () => clear(),
    readable,
    /** Shows the API's errors beside their fields. @returns the others. */
    showFieldErrors: (errors) =>
      errors.filter(({ parameter, detail }) => {
        const input = fields.includes(parameter) && panel.elements[parameter];
        if (input) showFieldError(input, readable(`It ${detail}.`));
        return !input;
      }),
    count: () => currencies.count(view),
  };
}
