// Polls the server for a list. It keeps the wanted view, the shown view, and at most one request.

import { isAborted } from "./api.js";

const interval = 5000;
const longestInterval = 60000;
/** Milliseconds until `showWaiting` gets "long". */
const long = 1500;

/**
 * @param read requests a view: `(view, { etag, signal }) => response`.
 * @param show shows a response: `(response, { view, isQuiet, isSame })`; not called if nothing is new.
 * @param showError shows an error: `(error, { seconds, isSame })`; null after recovery.
 * @param showWaiting shows whether the user waits: false, true, or "long".
 */
export function feed({ read, show, showError, showWaiting, signal }) {
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
    if (document.visibilityState === "visible") {
      timer = setTimeout(() => load({ isQuiet: wanted === shown, isTimed: true }), delay);
    }
  }

  function stop() {
    clearTimeout(timer);
    clearTimeout(longTimer);
    request?.abort();
    request = null;
  }

  async function load({ isQuiet = false, isTimed = false } = {}) {
    stop();
    if (signal.aborted) return;
    const controller = (request = new AbortController());
    let isPermanent = false;
    const view = wanted;
    const isSame = view === shown;
    if (!isQuiet) {
      showWaiting(true);
      longTimer = setTimeout(() => showWaiting("long"), long);
    }
    try {
      const response = await read(view, { etag: isSame ? etag : null, signal: controller.signal });
      if (controller.signal.aborted) return;
      delay = interval;
      if (hasFailed) showError(null, {});
      hasFailed = false;
      if (response.status !== 304) {
        etag = response.headers.get("ETag");
        shown = view;
        show(response, { view, isQuiet, isSame });
      }
    } catch (error) {
      if (isAborted(error) || controller.signal.aborted) return;
      hasFailed = true;
      if (error.isTransient) {
        delay = Math.min(longestInterval, Math.max(error.retryAfter * 1000, isTimed ? delay * 2 : interval));
      } else if (isSame) shown = null;
      showError(error, { seconds: Math.round(delay / 1000), isSame });
      // Do not repeat a request that would fail each time.
      isPermanent = !error.isTransient;
    }
    clearTimeout(longTimer);
    request = null;
    showWaiting(false);
    if (!isPermanent) schedule();
  }

  const onVisible = () => {
    if (document.visibilityState !== "visible") clearTimeout(timer);
    else if (wanted && !request && (shown || hasFailed)) load({ isQuiet: wanted === shown });
  };
  document.addEventListener("visibilitychange", onVisible, { signal });
  signal.addEventListener("abort", stop, { once: true });

  return {
    get wanted() {
      return wanted;
    },
    get shown() {
      return shown;
    },
    want(view) {
      wanted = view;
      return load();
    },
    /** Requests the view now, silently if nothing is new. */
    refresh: () => load({ isQuiet: wanted === shown }),
    /** Call this when the shown view no longer matches the address. */
    forget() {
      shown = null;
    },
  };
}
