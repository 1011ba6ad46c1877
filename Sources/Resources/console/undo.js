// Shows a notice after each write, with a button that undoes it.

import * as api from "./api.js";
import { notify } from "./notices.js";

/** Called after an undo, by the page that is shown. */
let onUndone = () => {};
export const afterUndo = (handler) => {
  onUndone = handler;
};
/** The keys of undos without a response, by the change's id: a retry uses the same key. */
const keys = new Map();

/**
 * Shows the outcome of a write, and offers to undo it.
 * @type {(text: string, response: APIResponse<any>, options?: NoticeOptions) => ReturnType<typeof notify>}
 */
export function notifyDone(text, response, { link } = {}) {
  const id = response?.headers.get("Change-Id");
  return notify(text, { link, action: id ? { label: "Undo", run: () => undo(id), isUndo: true } : null });
}

/**
 * Reports why a number was not deleted; `retry` retries.
 * @type {(number: Content, error: any, retry?: () => void) => void}
 */
export function notifyNotDeleted({ value }, error, retry = null) {
  notify(
    error.status === 404
      ? `${value} is already deleted.`
      : `${value} ${error.isLost ? "may be" : "is not"} deleted. ${error.message}`,
    { isError: true, action: retry && error.isTransient ? { label: "Try again", run: retry } : null },
  );
}

/** @returns whether the change was undone. */
export async function undo(change, { isRedo = false } = {}) {
  const id = String(change);
  if (!keys.has(id)) keys.set(id, api.newIdempotencyKey());
  try {
    const response = await api.undo(id, { key: keys.get(id) });
    keys.delete(id);
    const next = response.headers.get("Change-Id");
    notify(isRedo ? "Done again." : "Undone.", {
      action: { label: isRedo ? "Undo" : "Redo", run: () => undo(next, { isRedo: !isRedo }), isUndo: isRedo },
    });
    onUndone();
    return true;
  } catch (error) {
    notify(error.isLost ? `This may have been done. ${error.message}` : error.message, {
      isError: true,
      link: error.isLost
        ? { label: "See changes", href: "/changes" }
        : { label: "See the change", href: `/changes/${id}` },
      action: error.isTransient ? { label: "Try again", run: () => undo(id, { isRedo }) } : null,
    });
    return false;
  }
}
