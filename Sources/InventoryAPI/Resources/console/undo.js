// A notice after each write, which takes it back.

import * as api from "./api.js";
import { tell } from "./notices.js";

/** Called after an undo, by the page that is shown. */
let onUndone = () => {};
export const afterUndo = (handler) => { onUndone = handler; };

/** Tells what was done by `answer`, and offers to undo it. */
export function tellDone(text, answer, { link } = {}) {
  const id = answer?.headers.get("Change-Id");
  return tell(text, { link, action: id ? { label: "Undo", run: () => undo(id), isUndo: true } : null });
}

/** @returns whether it was undone. */
export async function undo(id, { isRedo = false } = {}) {
  try {
    const answer = await api.undo(id);
    const next = answer.headers.get("Change-Id");
    tell(isRedo ? "Done again." : "Undone.", { action: { label: isRedo ? "Undo" : "Redo", run: () => undo(next, { isRedo: !isRedo }), isUndo: isRedo } });
    onUndone();
    return true;
  } catch (error) {
    tell(error.message, { isFault: true, link: { label: "See the change", href: `/changes/${id}` },
      action: error.isPassing ? { label: "Try again", run: () => undo(id, { isRedo }) } : null });
    return false;
  }
}
