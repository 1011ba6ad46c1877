// A list that polls the server: the wanted view, the shown view, and at most one request.

import { isDropped } from "./api.js";

const interval = 5000;
const longestInterval = 60000;
/** Milliseconds until `wait` gets "long". */
const long = 1500;

/**
 * @param ask requests a view: `(view, { etag, signal }) => answer`.
 * @param show shows a response: `(answer, { view, isQuiet, isSame })`; not called if nothing is new.
 * @param fail shows an error: `(error, { seconds, isQuiet })`; null after recovery.
 * @param wait shows whether the user waits: false, true, or "long".
 */
export function feed({ ask, show, fail, wait, signal }) {
  let wanted = null;
  let shown = null;
  let etag = null;
  let request = null;
  let timer = null;
  let longTimer = null;
  let delay = interval;
  let hasFailed = false;

  function schedule() {
    clearTimeout(timer);
    if (signal.aborted) return;
    if (document.visibilityState === "visible") timer = setTimeout(() => load({ isQuiet: wanted === shown, isTimed: true }), delay);
  }

  function rest() {
    clearTimeout(timer);
    clearTimeout(longTimer);
    request?.abort();
    request = null;
  }

  async function load({ isQuiet = false, isTimed = false } = {}) {
    rest();
    if (signal.aborted) return;
    const own = (request = new AbortController());
    let isRefused = false;
    const view = wanted;
    const isSame = view === shown;
    if (!isQuiet) {
      wait(true);
      longTimer = setTimeout(() => wait("long"), long);
    }
    try {
      const answer = await ask(view, { etag: isSame ? etag : null, signal: own.signal });
      if (own.signal.aborted) return;
      delay = interval;
      if (hasFailed) fail(null, {});
      hasFailed = false;
      if (answer.status !== 304) {
        etag = answer.headers.get("ETag");
        shown = view;
        show(answer, { view, isQuiet, isSame });
      }
    } catch (error) {
      if (isDropped(error) || own.signal.aborted) return;
      hasFailed = true;
      if (error.isPassing) delay = Math.min(longestInterval, Math.max(error.retryAfter * 1000, isTimed ? delay * 2 : interval));
      else if (isSame) shown = null;
      fail(error, { seconds: Math.round(delay / 1000), isQuiet, isSame });
      // A permanent error would repeat in five seconds.
      isRefused = !error.isPassing;
    }
    clearTimeout(longTimer);
    request = null;
    wait(false);
    if (!isRefused) schedule();
  }

  const onVisible = () => {
    if (document.visibilityState !== "visible") clearTimeout(timer);
    else if (wanted && !request && (shown || hasFailed)) load({ isQuiet: wanted === shown });
  };
  document.addEventListener("visibilitychange", onVisible, { signal });
  signal.addEventListener("abort", rest, { once: true });

  return {
    get wanted() { return wanted; },
    get shown() { return shown; },
    want(view) {
      wanted = view;
      return load();
    },
    /** Requests the view now, silently if nothing is new. */
    refresh: () => load({ isQuiet: wanted === shown }),
    /** The shown view no longer matches the address. */
    forget() { shown = null; },
  };
}
