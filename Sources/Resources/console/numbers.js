// The page of all numbers: the table, its filters, its selection and its actions.

import * as api from "./api.js";
import { filtersOf, navigate, noFilters, query, readView, writeView } from "./address.js";
import { createCells } from "./cells.js";
import { copyText, createClipboard } from "./clipboard.js";
import { button, counted, localized, make, select, title } from "./elements.js";
import { feed } from "./feed.js";
import { createFilters } from "./filters.js";
import { differing, members } from "./members.js";
import { load, notify, withModule } from "./notices.js";
import { prefer, preference } from "./preferences.js";
import { createSelection } from "./selection.js";
import { mayWrite as userMayWrite } from "./session.js";
import { createTable } from "./table.js";
import { afterUndo, notifyDone, notifyNotDeleted } from "./undo.js";

const briefMilliseconds = 10000;
const sizes = ["10", "25", "50", "100", "1000"];
/** The row and the scroll position of each view when it was left, by its query. */
const positions = new Map();
const maxPositions = 100;

const defaultView = () => ({ page: "1", perPage: preference("perPage"), sort: "id", ...noFilters });

/** Requests the address's view before the page is opened. */
export const prefetch = () => api.prefetch(request(readView(defaultView())));
const request = (view) => query({ ...view, include: "version" });

export function open(container, { signal, isBack = false }) {
  const mayWrite = userMayWrite();
  const defaults = defaultView();
  let numbers = [];
  let total = 0;
  /** Whether the address came from the browser, and may differ from the view. */
  let isFromAddress = true;
  let isReplacing = false;
  /** The view of the history entry, and the filters that it changed: further changes of these replace the entry. */
  let entry = { view: null, filters: "" };
  /** The position to restore after going back. */
  let position = null;
  /** Whether to go to the first result when it is shown. */
  let isEntering = false;
  /** The newest response that arrived while a cell is edited: rows must not move meanwhile. */
  let pending = null;
  /** Whether a cell was saved and the focus is still in the table: Enter goes down in the order that the user sees. */
  let isHolding = false;

  const status = make("p#status", { role: "status" });
  const banner = make("div#banner", { role: "alert", hidden: true });
  const nothing = make("div#nothing", { hidden: true });
  const skeleton = make("div.skeleton");
  const selection = createSelection(paintSelection);
  const filters = createFilters({
    signal,
    onChange: (changes) => go({ ...changes, page: "1" }),
    onEnter() {
      isEntering = list.wanted !== list.shown;
      if (!isEntering) table.focusFirst();
    },
  });
  const sortChoice = buildSortChoice();
  const table = createTable({
    mayWrite,
    isSelected: selection.has,
    handlers: {
      sort(name) {
        const next = { [name]: `-${name}`, [`-${name}`]: defaults.sort };
        go({ sort: next[list.wanted.sort] ?? name, page: "1" });
      },
      select: selection.set,
      edit,
      remove,
      copy,
      removeAny(number, cell) {
        if (!selection.isEmpty) removeSelected();
        // In a cell that accepts text, as in a spreadsheet, Delete deletes the text.
        else if (cell) cells.start(cell, number, { text: "" });
        else remove(number);
      },
      start: (cell, number, options) => cells.start(cell, number, options),
      leave: () => filters.search.focus(),
    },
  });
  const cells = createCells({ table, signal, saved: savedCell, onClosed: renderPending, reopen: edit });
  createClipboard({
    table,
    signal,
    chosen,
    isSelected: selection.has,
    sort: () => list.wanted.sort,
    start: cells.start,
    done,
  });
  const list = feed({
    signal,
    show: render,
    showError,
    showWaiting,
    async read(view, options) {
      const response = await api.list(request(view), options);
      cells.verify();
      return response;
    },
  });
  const pages = buildPages();
  const bar = make("div#selection", { role: "region", "aria-label": "Selected numbers", hidden: true });
  const wrap = make("div#table-wrap", { hidden: true }, table.table);

  container.append(
    title(
      "Numbers",
      status,
      make("span.spring"),
      button("Export", {
        id: "export-numbers",
        onclick: () =>
          withModule(
            "exporting",
            ({ exportNumbers }) =>
              exportNumbers({ view: list.shown ?? list.wanted, count: total, selection: chosen() }),
          ),
      }, "download"),
      mayWrite && make("a.button", { href: "/import" }, "Import"),
      mayWrite &&
        button("New number", { id: "create", class: "primary", "aria-keyshortcuts": "n", onclick: create }, "add"),
    ),
    make(
      "div.columns",
      make(
        "div#tools",
        { role: "search" },
        filters.search,
        filters.toggle,
        filters.chips,
        sortChoice,
        mayWrite &&
          button("Select page", {
            id: "select-page",
            class: "narrow-only",
            onclick: () => selection.set(numbers, true),
          }),
      ),
      filters.panel,
      make(
        "section#numbers",
        { "aria-label": "Numbers for sale" },
        banner,
        skeleton,
        wrap,
        nothing,
        make("div#foot", bar, pages.nav),
      ),
    ),
  );

  const { style } = document.documentElement;
  const watcher = new ResizeObserver((entries) => {
    for (const { target, borderBoxSize: [{ blockSize }] } of entries) {
      style.setProperty(`--${target.id}`, `${blockSize}px`);
    }
  });
  for (const id of ["tools", "foot"]) watcher.observe(container.querySelector(`#${id}`));
  signal.addEventListener("abort", () => {
    watcher.disconnect();
    style.removeProperty("--foot");
    remember();
  }, { once: true });
  table.table.addEventListener("focusout", () =>
    setTimeout(() => {
      if (isHolding && !table.position.hadFocus) renderPending();
    }));
  afterUndo(() => {
    isHolding = false;
    list.refresh();
  }, cells.settled);
  // Firefox restores ticks without the selection.
  addEventListener("pageshow", paintSelection, { signal });
  revisit({ isBack });

  /** Shows the address's view. */
  function revisit(options) {
    const view = readView(defaults);
    isFromAddress = true;
    position = (options.isBack && positions.get(query(view))) ?? null;
    filters.fill(view);
    list.want(view);
  }

  /** Shows another view, including the search text that is being typed. */
  function go(changes, options = {}) {
    isReplacing = options.isReplacing ?? false;
    isFromAddress = false;
    list.want({ ...list.wanted, ...filters.typed(), ...changes });
  }

  /** Keeps the position for going back to this view. */
  function remember() {
    if (!entry.view) return;
    if (positions.size >= maxPositions) positions.clear();
    positions.set(query(entry.view), { row: table.position, top: scrollY });
  }

  /** Makes one history entry for each filter, also while the user types. */
  function writeEntry(view) {
    if (view === entry.view) return;
    remember();
    const changed = Object.keys(noFilters).filter((name) => entry.view && entry.view[name] !== view[name]).join();
    const isRepeated = changed !== "" && changed === entry.filters;
    writeView(view, defaults, { replace: isReplacing || isFromAddress || isRepeated });
    entry = { view, filters: isFromAddress ? "" : changed };
    isFromAddress = isReplacing = false;
  }

  function showWaiting(isWaiting) {
    table.table.ariaBusy = isWaiting ? "true" : null;
    container.classList.toggle("waiting", Boolean(isWaiting));
    if (isWaiting) status.textContent = isWaiting === "long" ? "Still loading: the server is slow …" : "Loading …";
  }

  function renderPending() {
    const last = pending;
    pending = null;
    if (last?.options.view === list.shown) render(last.response, last.options);
  }

  function render(response, options) {
    const { view, isQuiet, isSame } = options;
    isHolding &&= table.position.hadFocus;
    pending = isSame && (cells.isEditing || isHolding) ? { response, options } : null;
    if (pending) {
      for (const number of response.body) {
        const before = table.number(number.id);
        if (before && differing(before, number).length > 0) table.update(number);
      }
      return;
    }
    const before = total;
    const isOtherPage = !isSame && numbers.length > 0;
    total = Number(response.headers.get("X-Total-Count"));
    const last = Math.max(1, Math.ceil(total / view.perPage));
    // The page is empty because the last number of the last page was deleted.
    if (response.body.length === 0 && total > 0 && Number(view.page) > last) {
      return go({ page: String(last) }, { isReplacing: true });
    }
    numbers = response.body;
    writeEntry(view);
    selection.clearUnlessFilters(filtersOf(view));
    const changed = table.render(numbers, { marks: isSame });
    cells.finish();
    table.paintSort(view.sort);
    pages.paint(view, last);
    paintSelection();
    paintNothing(view);
    // The dialog is loaded after the table, to show the table sooner.
    if (!skeleton.hidden) load("editing").catch(() => {/* Loaded again when it is needed. */});
    skeleton.hidden = true;
    wrap.hidden = total === 0;
    showWaiting(false);
    if (isQuiet && changed > 0) {
      showStatusBriefly(changed === 1 ? "1 number has changed." : `${changed} numbers have changed.`);
    } else if (!isQuiet || total !== before) status.textContent = counted(total);
    if (position) restore();
    else if (isOtherPage) container.querySelector("#numbers").scrollIntoView({ block: "start" });
    if (isEntering && document.activeElement === filters.search) table.focusFirst();
    isEntering = false;
    if (!isSame || total !== before || changed > 0) filters.count();
  }

  function restore() {
    scrollTo(0, position.top);
    table.restore(position.row);
    position = null;
  }

  /** Shows a text instead of the count for a while. */
  function showStatusBriefly(text) {
    status.textContent = text;
    setTimeout(() => {
      if (status.textContent === text) status.textContent = counted(total);
    }, briefMilliseconds);
  }

  function paintNothing(view) {
    nothing.hidden = total > 0;
    if (total > 0) return;
    const isFiltered = Object.keys(filtersOf(view)).length > 0;
    nothing.replaceChildren(
      make("p.big", isFiltered ? "Nothing matches." : "The inventory is empty."),
      make(
        "p",
        isFiltered
          ? "Search for fewer digits, or remove a filter."
          : mayWrite
          ? "Create the first number, or import a price list."
          : "Numbers appear here once a supervisor adds them.",
      ),
      isFiltered ? button("Clear filters", { onclick: () => filters.clear() }) : "",
      view.q ? make("a", { href: `/changes?${query({ number: view.q })}` }, "Look for it in Changes") : "",
    );
  }

  function showError(error, { seconds, isSame }) {
    banner.hidden = !error;
    if (!error) {
      if (!list.shown) return;
      status.textContent = counted(total);
      return paintNothing(list.shown);
    }
    // Hide a table that does not match the address.
    const isStale = isFromAddress || !list.shown || (!error.isTransient && !isSame);
    if (isStale) {
      table.render([]);
      numbers = [];
      total = 0;
      wrap.hidden = true;
      pages.nav.hidden = true;
      skeleton.hidden = true;
      list.forget();
      paintSelection();
    }
    status.textContent = "";
    if (error.isTransient) {
      banner.replaceChildren(
        make("p", `${error.message} ${isStale ? "" : "What you see may be old. "}The next try is in ${seconds} s.`),
        button("Try now", { onclick: () => list.want(list.wanted) }),
      );
      nothing.hidden = true;
    } else {
      banner.hidden = true;
      nothing.hidden = false;
      nothing.replaceChildren(
        make("p.big", { role: "alert" }, "This list cannot be shown."),
        make("p", filters.readable(error.message)),
        make(
          "ul",
          filters.showFieldErrors(error.problem?.errors ?? []).map(({ parameter, detail }) =>
            make("li", filters.readable(`${parameter} ${detail}.`))
          ),
        ),
        button("Show all numbers", {
          onclick: () => {
            filters.fill(noFilters);
            go({ ...defaults });
          },
        }),
      );
    }
  }

  function buildPages() {
    const range = make("span#range");
    const buttons = Object.fromEntries(
      [["first", "First"], ["previous", "Previous"], ["next", "Next"], ["last", "Last"]].map((
        [id, text],
      ) => [
        id,
        button(text, {
          id,
          onclick: ({ currentTarget: pager }) => {
            if (!pager.ariaDisabled) go({ page: pager.dataset.page });
          },
        }),
      ]),
    );
    const size = make("select", {
      id: "per-page",
      onchange: () => {
        prefer("perPage", size.value);
        go({ perPage: size.value, page: "1" });
      },
    });
    const rows = select(
      {
        id: "row-height",
        onchange: () => {
          prefer("rows", rows.value);
          paintRows();
        },
      },
      [["comfortable", "Comfortable"], ["compact", "Compact"]],
      preference("rows"),
    );
    const paintRows = () => {
      table.table.dataset.rows = rows.value;
    };
    paintRows();
    return {
      nav: make(
        "nav#pages",
        { "aria-label": "Pages", hidden: true },
        buttons.first,
        buttons.previous,
        range,
        buttons.next,
        buttons.last,
        make("span.spring"),
        make("label", "Rows per page ", size),
        make("label.wide-only", "Row height ", rows),
      ),
      paint(view, last) {
        const page = Number(view.page);
        const start = (page - 1) * view.perPage;
        range.textContent = total === 0
          ? "0 of 0"
          : `${localized(start + 1)}–${localized(start + numbers.length)} of ${localized(total)}`;
        for (const [id, target] of Object.entries({ first: 1, previous: page - 1, next: page + 1, last })) {
          buttons[id].dataset.page = target;
          // Do not disable the button, because it would lose the focus.
          buttons[id].ariaDisabled = target < 1 || target > last || target === page ? "true" : null;
        }
        const all = [...new Set([...sizes, view.perPage])].sort((a, b) => a - b);
        if (size.textContent !== all.join("")) size.replaceChildren(...all.map((value) => make("option", value)));
        size.value = view.perPage;
        sortChoice.value = view.sort;
        this.nav.hidden = total === 0;
      },
    };
  }

  function buildSortChoice() {
    const choice = select({
      id: "sort",
      "aria-label": "Sort by",
      onchange: () => go({ sort: choice.value, page: "1" }),
    }, [
      ["id", "Oldest first"],
      ["-id", "Newest first"],
      ...members.flatMap((
        { name, label, isPrice },
      ) => [[name, `${label}, ${isPrice ? "lowest first" : "A to Z"}`], [
        `-${name}`,
        `${label}, ${isPrice ? "highest first" : "Z to A"}`,
      ]]),
    ]);
    return choice;
  }

  function paintSelection() {
    table?.paintSelection();
    if (!bar) return;
    const hadFocus = bar.contains(document.activeElement);
    const count = selection.count(total);
    if (count <= 0 && total > 0 && !selection.isEmpty) return selection.clear();
    bar.hidden = selection.isEmpty || !mayWrite || total === 0;
    const key = `${count} ${total} ${bar.hidden}`;
    if (bar.dataset.shown === key) return;
    bar.dataset.shown = key;
    if (bar.hidden) bar.replaceChildren();
    else {
      bar.replaceChildren(
        make("strong", { role: "status" }, `${localized(count)} selected`),
        total > count
          ? button(
            `Select all ${localized(total)}${Object.keys(filtersOf(list.shown)).length > 0 ? " that match" : ""}`,
            {
              id: "select-all-matching",
              class: "link",
              onclick: () => selection.setAll(filtersOf(list.shown)),
            },
          )
          : "",
        make("span.spring"),
        button("Change …", {
          id: "change-selected",
          onclick: () => withModule("bulk", ({ changeMany }) => changeMany({ selected, count, done })),
        }, "edit"),
        button("Delete …", { id: "delete-selected", class: "danger", onclick: removeSelected }, "remove"),
        button("Clear selection", { class: "quiet", onclick: () => selection.clear() }),
      );
    }
    if (!hadFocus || bar.contains(document.activeElement)) return;
    const next = bar.querySelector("button");
    if (next) next.focus();
    else table.focusCurrent();
  }

  const selected = (options) => selection.describe(total, options);
  /** The selection, if any, as exports and the clipboard need it. */
  function chosen() {
    if (selection.isEmpty) return null;
    return { count: selection.count(total), describe: selected, query: (options) => selection.query(total, options) };
  }

  function removeSelected() {
    withModule(
      "bulk",
      ({ deleteMany }) =>
        deleteMany({
          selected,
          count: selection.count(total),
          done: (text, response) => {
            selection.clear();
            done(text, response);
          },
        }),
    );
  }

  function create() {
    withModule(
      "editing",
      ({ createNumber }) =>
        createNumber({
          saved: (number, response) =>
            done(`${number.value} is in the inventory.`, response, {
              link: list.wanted.sort === "-id"
                ? { label: "Open", href: `/numbers/${number.id}` }
                : { label: "Show newest first", href: "/?sort=-id" },
            }),
        }),
    );
  }

  /** @type {(number: DIDNumber, options?: { typed?: Partial<Content>, conflict?: api.Problem }) => void} */
  function edit(number, { typed, conflict } = {}) {
    withModule("editing", ({ editNumber }) => editNumber(number, { typed, conflict, saved }));
  }

  /** @type {Saved} */
  function savedCell(number, response) {
    saved(number, response, { topic: "cell" });
    isHolding = true;
  }

  function saved(number, response, options) {
    table.update(number);
    done(`${number.value} is saved.`, response, options);
  }

  function done(text, response, options) {
    isHolding = false;
    notifyDone(text, response, options);
    if (!signal.aborted) list.refresh();
  }

  /** Deletes a number unless it differs from the table. */
  async function remove(number) {
    const row = table.row(number.id);
    if (!row || row.ariaBusy) return;
    row.ariaBusy = "true";
    try {
      const response = await api.remove(number);
      notifyDone(`${number.value} is deleted.`, response);
      selection.remove(number.id);
      if (signal.aborted) return;
      const hadFocus = row.contains(document.activeElement) || document.activeElement === document.body;
      table.stepOff(number.id);
      numbers = numbers.filter(({ id }) => id !== number.id);
      table.render(numbers);
      if (hadFocus) table.focusCurrent();
      list.refresh();
    } catch (error) {
      if (error.status === 412) {
        table.update(api.currentOf(error));
        notify(`${number.value} has changed meanwhile and was not deleted. Check it again.`, { isError: true });
      } else notifyNotDeleted(number, error, () => remove(number));
      if (error.status === 404 || error.status === 412) list.refresh();
    } finally {
      row.ariaBusy = null;
    }
  }

  function copy({ value }) {
    copyText(value, `${value} is copied.`);
  }

  /** Calls `act` with the focused number. */
  const withCurrent = (act) => () => {
    const number = table.currentNumber;
    if (number) act(number);
  };

  return {
    revisit,
    keys: {
      "/": () => filters.search.focus(),
      ...(mayWrite && {
        n: create,
        e: withCurrent((number) => edit(number)),
        x: withCurrent((number) => selection.set([number], !selection.has(number.id))),
      }),
      c: withCurrent(copy),
      o: withCurrent(({ id }) => navigate(`/numbers/${id}`)),
      t: () => table.focusCurrent(),
    },
  };
}
