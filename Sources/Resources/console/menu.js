// The menu of a row's actions, for fingers, for which icons are too small.

import { button, make } from "./elements.js";

/**
 * Opens a menu beside a row's button. Escape, a choice, or a click elsewhere closes it.
 * @param {HTMLElement} opener
 * @param {string[][]} actions Each has its name, which the table finds in `data-does`, and its text.
 */
export function openMenu(opener, actions) {
  const menu = make(
    "div.menu",
    { popover: "", onclick: () => menu.hidePopover(), onkeydown: (event) => event.stopPropagation() },
    actions.map(([name, text]) => button(text, { "data-does": name })),
  );
  menu.addEventListener("toggle", () => {
    if (!menu.matches(":popover-open")) menu.remove();
  });
  opener.after(menu);
  menu.showPopover();
  const { top, bottom } = opener.getBoundingClientRect();
  const isAbove = bottom + menu.offsetHeight > innerHeight;
  menu.style.top = `${scrollY + (isAbove ? top - menu.offsetHeight : bottom)}px`;
  menu.querySelector("button").focus();
}
