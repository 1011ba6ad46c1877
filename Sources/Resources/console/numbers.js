// The page of all numbers: the table, its filters, its selection and its actions.

import * as api from "./api.js";
import { copy, createActions } from "./actions.js";
import { createEntries, filtersOf, navigate, noFilters, positionOf, query, readView } from "./address.js";
import { createCells } from "./cells.js";
import { createClipboard } from "./clipboard.js";
import { createControls } from "./controls.js";
import { button, make, title } from "./elements.js";
import { feed } from "./feed.js";
import { createFilters } from "./filters.js";
import { differing } from "./members.js";
import { createMessages } from "./messages.js";
import { load, withModule } from "./notices.js";
import { preference } from "./preferences.js";
import { createSelection } from "./selection.js";
import { createSelectionBar } from "./selection-bar.js";
import { mayWrite as userMayWrite } from "./session.js";
import { createTable } from "./table.js";
import { afterUndo } from "./undo.js";

const defaultView = () => ({ page: "1", perPage: preference("perPage"), sort: "id", ...noFilters });

/** Requests the address's view before the page is opened. */
export const prefetch = () => api.prefetch(request(readView(defaultView())));
const request = (view) => query({ ...view, include: "version" });

export function open(container, { signal, isBack = false }) {
  const mayWrite = userMayWrite();
  const defaults = defaultView();
  /** Whether the address came from the browser, and may differ from the view. */
  let isFromAddress = true;
  let isReplacing = false;
  /** The position to restore after going back. */
  let position = null;
  /** Whether to go to the first result when it is shown. */
  let isEntering = false;
  /** The newest response that arrived while a cell is edited: rows must not move meanwhile. */
  let pending = null;
  /** Whether a cell was saved and the focus is still in the table: Enter goes down in the order that the user sees. */
  let isHolding = false;

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
  const table = createTable({
    mayWrite,
    isSelected: selection.has,
    handlers: {
      sort(name) {
        const next = { [name]: `-${name}`, [`-${name}`]: defaults.sort };
        go({ sort: next[list.wanted.sort] ?? name, page: "1" });
      },
      select: selection.set,
      edit: (number) => actions.edit(number),
      remove: (number) => actions.remove(number),
      copy,
      removeAny(number, cell) {
        if (!selection.isEmpty) actions.removeSelected();
        // In a cell that accepts text, as in a spreadsheet, Delete deletes the text.
        else if (cell) cells.start(cell, number, { text: "" });
        else actions.remove(number);
      },
      start: (cell, number, options) => cells.start(cell, number, options),
      leave: () => filters.search.focus(),
    },
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
  const actions = createActions({ table, selection, list, refresh, signal });
  const cells = createCells({ table, signal, saved: savedCell, onClosed: renderPending, reopen: actions.edit });
  createClipboard({ table, selection, list, start: cells.start, done: actions.done, signal });
  const controls = createControls({ table: table.table, go });
  const { bar, paint: paintBar } = createSelectionBar({ selection, actions, focusTable: table.focusCurrent });
  const messages = createMessages({
    selection,
    filters,
    retry: () => list.want(list.wanted),
    showAll() {
      filters.fill(noFilters);
      go({ ...defaults });
    },
  });
  const entries = createEntries(defaults, () => ({ row: table.position, top: scrollY }));
  const wrap = make("div#table-wrap", { hidden: true }, table.table);

  container.append(
    title(
      "Numbers",
      messages.status,
      make("span.spring"),
      button("Export", {
        id: "export-numbers",
        onclick: () =>
          withModule("exporting", ({ exportNumbers }) => exportNumbers({ view: list.shown ?? list.wanted, selection })),
      }, "download"),
      mayWrite && make("a.button", { href: "/import" }, "Import"),
      mayWrite &&
        button(
          "New number",
          { id: "create", class: "primary", "aria-keyshortcuts": "n", onclick: actions.create },
          "add",
        ),
    ),
    make(
      "div.columns",
      make(
        "div#tools",
        { role: "search" },
        filters.search,
        filters.toggle,
        filters.chips,
        controls.order,
        mayWrite &&
          button("Select page", {
            id: "select-page",
            class: "narrow-only",
            onclick: () => selection.set(table.numbers(), true),
          }),
      ),
      filters.panel,
      make(
        "section#numbers",
        { "aria-label": "Numbers for sale" },
        messages.banner,
        skeleton,
        wrap,
        messages.nothing,
        make("div#foot", bar, controls.pages),
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
    entries.remember();
  }, { once: true });
  table.table.addEventListener("focusout", () =>
    setTimeout(() => {
      if (isHolding && !table.position.hadFocus) renderPending();
    }));
  afterUndo(refresh, cells.settled);
  // Firefox restores ticks without the selection.
  addEventListener("pageshow", paintSelection, { signal });
  revisit({ isBack });

  /** Shows the address's view. */
  function revisit(options) {
    const view = readView(defaults);
    isFromAddress = true;
    position = options.isBack ? positionOf(view) : null;
    filters.fill(view);
    list.want(view);
  }

  /** Shows another view, including the search text that is being typed. */
  function go(changes, options = {}) {
    isReplacing = options.isReplacing ?? false;
    isFromAddress = false;
    list.want({ ...list.wanted, ...filters.typed(), ...changes });
  }

  function showWaiting(isWaiting) {
    table.table.ariaBusy = isWaiting ? "true" : null;
    container.classList.toggle("waiting", Boolean(isWaiting));
    if (isWaiting) {
      messages.status.textContent = isWaiting === "long" ? "Still loading: the server is slow …" : "Loading …";
    }
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
    const before = selection.total;
    const isOtherPage = !isSame && table.numbers().length > 0;
    const total = selection.total = Number(response.headers.get("X-Total-Count"));
    const last = Math.max(1, Math.ceil(total / view.perPage));
    // The page is empty because the last number of the last page was deleted.
    if (response.body.length === 0 && total > 0 && Number(view.page) > last) {
      return go({ page: String(last) }, { isReplacing: true });
    }
    entries.write(view, { isReplacing, isFromAddress });
    isFromAddress = isReplacing = false;
    selection.clearUnlessFilters(filtersOf(view));
    const changed = table.render(response.body, { marks: isSame });
    cells.finish();
    table.paintSort(view.sort);
    controls.paint(view, { last, count: response.body.length, total });
    paintSelection();
    messages.showEmpty(view);
    // The dialog is loaded after the table, to show the table sooner.
    if (!skeleton.hidden) load("editing").catch(() => {/* Loaded again when it is needed. */});
    skeleton.hidden = true;
    wrap.hidden = total === 0;
    showWaiting(false);
    if (isQuiet && changed > 0) messages.showChanged(changed);
    else if (!isQuiet || total !== before) messages.showCount();
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

  function showError(error, { seconds, isSame }) {
    if (!error) {
      messages.banner.hidden = true;
      if (!list.shown) return;
      messages.showCount();
      return messages.showEmpty(list.shown);
    }
    // Hide a table that does not match the address.
    const isStale = isFromAddress || !list.shown || (!error.isTransient && !isSame);
    if (isStale) {
      table.render([]);
      selection.total = 0;
      wrap.hidden = controls.pages.hidden = skeleton.hidden = true;
      list.forget();
      paintSelection();
    }
    messages.showError(error, { seconds, isStale });
  }

  function paintSelection() {
    table.paintSelection();
    if (selection.count <= 0 && selection.total > 0 && !selection.isEmpty) return selection.clear();
    paintBar({ filters: filtersOf(list.shown ?? noFilters), isHidden: !mayWrite || selection.total === 0 });
  }

  function refresh() {
    isHolding = false;
    list.refresh();
  }

  /** @type {Saved} */
  function savedCell(number, response) {
    actions.saved(number, response, { topic: "cell" });
    isHolding = true;
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
        n: actions.create,
        e: withCurrent(actions.edit),
        x: withCurrent((number) => selection.set([number], !selection.has(number.id))),
      }),
      c: withCurrent(copy),
      o: withCurrent(({ id }) => navigate(`/numbers/${id}`)),
      t: () => table.focusCurrent(),
    },
  };
}
