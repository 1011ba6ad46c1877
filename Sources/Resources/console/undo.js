// A notice after each write, with its undo.

import * as api from "./api.js";
import { tell } from "./notices.js";

/** Called after an undo, by the page that is shown. */
let onUndone = () => {};
export const afterUndo = (handler) => { onUndone = handler; };
/** The keys of undos without a response, by the change's id: a retry uses the same key. */
const keys = new Map();

/** Shows the outcome of a write, and offers to undo it. */
export function tellDone(text, answer, { link } = {}) {
  const id = answer?.headers.get("Change-Id");
  return tell(text, { link, action: id ? { label: "Undo", run: () => undo(id), isUndo: true } : null });
}

/** Reports why a number was not deleted; `retry` retries. */
export function tellKept({ value }, error, retry = null) {
  tell(error.status === 404 ? `${value} is gone already.` : `${value} ${error.isLost ? "may be" : "is not"} deleted. ${error.message}`, { isFault: true,
    action: retry && error.isPassing ? { label: "Try again", run: retry } : null });
}

/** @returns whether it was undone. */
export async function undo(change, { isRedo = false } = {}) {
  const id = String(change);
  if (!keys.has(id)) keys.set(id, api.newKey());
  try {
    const answer = await api.undo(id, { key: keys.get(id) });
    keys.delete(id);
    const next = answer.headers.get("Change-Id");
    tell(isRedo ? "Done again." : "Undone.", { action: { label: isRedo ? "Undo" : "Redo", run: () => undo(next, { isRedo: !isRedo }), isUndo: isRedo } });
    onUndone();
    return true;
  } catch (error) {
    tell(error.isLost ? `This may have been done. ${error.message}` : error.message, { isFault: true,
      link: error.isLost ? { label: "See changes", href: "/changes" } : { label: "See the change", href: `/changes/${id}` },
      action: error.isPassing ? { label: "Try again", run: () => undo(id, { isRedo }) } : null });
    return false;
  }
}
