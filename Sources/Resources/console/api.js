// The API as functions. Only this module uses HTTP.

import { differing, isEqual } from "./members.js";
import { renewal, session, startSession } from "./session.js";

/** A response that is a problem (RFC 9457), or no response at all. */
export class Problem extends Error {
  constructor(method, status, problem, headers) {
    const isUnreachable = [0, 502, 503, 504].includes(status);
    super(
      problem.detail ?? problem.title ??
        (isUnreachable ? "The server cannot be reached." : "The server gave no reason."),
    );
    /** The response to a write is lost, or the server does not know its outcome. */
    this.isLost = method !== "GET" && ([0, 502, 504].includes(status) || problem.type === "/problems/outcome-unknown");
    this.status = status;
    this.problem = problem;
    this.etag = headers?.get("ETag");
    this.retryAfter = Number(headers?.get("Retry-After")) || 0;
  }
  /** The error is transient, or there was no response. */
  get isTransient() {
    return [0, 408, 429].includes(this.status) || this.status >= 500;
  }
}

/**
 * An Idempotency-Key for one press of a button: with the option `key`, a repeated POST is executed once. Unlike
 * `randomUUID`, this also works without TLS.
 */
export const newIdempotencyKey = () => crypto.getRandomValues(new Uint32Array(4)).join("-");

export const isAborted = (error) => error?.name === "AbortError";

/**
 * @param {string} method
 * @param {string} path
 * @param {AllRequestOptions} options
 * @returns {Promise<any>}
 */
async function send(method, path, { body, type, headers, key, signal, token, as = "json" }) {
  const sentHeaders = { ...headers };
  if (key) sentHeaders["Idempotency-Key"] = key;
  if (token) sentHeaders.Authorization = `Bearer ${token}`;
  if (body !== undefined) sentHeaders["Content-Type"] = type ?? "application/json";
  let response;
  try {
    response = await fetch(path, {
      method,
      headers: sentHeaders,
      signal,
      cache: "no-store",
      body: body === undefined || type ? body : JSON.stringify(body),
    });
    if (as === "response" && response.ok) return response;
    const text = response.status === 304 ? "" : await response.text();
    let json = null;
    try {
      json = text ? JSON.parse(text) : null;
    } catch { /* a proxy's page */ }
    if (!response.ok && response.status !== 304) {
      throw new Problem(method, response.status, json ?? {}, response.headers);
    }
    return { status: response.status, headers: response.headers, body: json, text };
  } catch (error) {
    if (error instanceof Problem || isAborted(error)) throw error;
    throw new Problem(method, 0, {});
  }
}

/**
 * Like `send`, as the signed-in user; retries if the session has ended and the user signs in again.
 * @type {(method: string, path: string, options?: AllRequestOptions) => Promise<any>}
 */
async function request(method, path, options = {}) {
  for (;;) {
    const current = session();
    try {
      return await send(method, path, { ...options, token: current.token });
    } catch (error) {
      // The role may have changed since the page was opened.
      if (error.status === 403) {
        readSession(current.token).then(({ body }) => startSession(current.token, body.user), () => {});
      }
      if (error.status !== 401) throw error;
      await renewal(current, options.signal);
    }
  }
}

const numbers = "/api/v1/numbers";
const changes = "/api/v1/changes";
const sessions = "/api/v1/sessions";
const users = "/api/v1/users";
/** @param etag is sent as If-Match: the write fails if it has changed. */
const write = (method, path, body, options, etag) =>
  request(method, path, { ...options, body, headers: etag ? { "If-Match": etag } : {} });
/** @type {(path: string) => PageReader<any>} */
const page = (path) => (query, { etag, signal } = {}) =>
  request("GET", query ? `${path}?${query}` : path, { signal, headers: etag ? { "If-None-Match": etag } : {} });

export const signIn = (username, password) => send("POST", sessions, { body: { username, password } });
/** Ends the session on the server, without a sign-in dialog. */
export const signOut = () => send("DELETE", `${sessions}/current`, { token: session().token });
/** Reads the token's session and user, without a sign-in dialog. */
export const readSession = (token = session().token) => send("GET", `${sessions}/current`, { token });

/** A list requested before the user is known, so that loading a page waits once, not twice. */
let prefetched = null;
export function prefetch(query) {
  prefetched = { query, response: send("GET", `${numbers}?${query}`, { token: session().token }).catch(() => null) };
}
/** @type {PageReader<DIDNumber[]>} */
export async function list(query, options) {
  const response = prefetched?.query === query ? await prefetched.response : null;
  prefetched = null;
  const found = response ?? await page(numbers)(query, options);
  // With `include=version`, each number has its tag, so that a write need not read it first.
  for (const number of found.body ?? []) number.etag = `"${number.version}"`;
  return found;
}
/** @type {PageReader<CurrencyCount[]>} */
export const currencies = page("/api/v1/currencies");
/** @type {(id: number | string, options?: RequestOptions) => Promise<APIResponse<DIDNumber>>} */
export const read = async (id, options) => tagged(await request("GET", `${numbers}/${id}`, options));

/** Adds the tag to a response's number. */
function tagged(response) {
  response.body.etag = response.headers.get("ETag");
  return response;
}

/** @type {(number: Content, options?: RequestOptions) => Promise<APIResponse<DIDNumber>>} */
export const create = (number, options) => write("POST", numbers, number, options);

/**
 * Changes or deletes a number. If the response is lost, reads the number, and retries unless `isDone`; the tag prevents
 * a second execution. @param isDone returns whether the write succeeded; it gets the number, or null if it was deleted.
 */
async function writeOnce(method, /** @type {DIDNumber} */ { id, etag }, members, options, isDone) {
  const attempt = () => write(method, `${numbers}/${id}`, members, options, etag);
  try {
    return await attempt();
  } catch (error) {
    if (!error.isLost) throw error;
    const current = await read(id, options).catch((
      { status },
    ) => (status === 404 ? { body: null, headers: new Headers() } : null));
    if (!current) throw error;
    return isDone(current.body) ? current : attempt();
  }
}

/** After a conflict: the number that the server has, with its tag. */
export const currentOf = ({ problem, etag }) => ({ ...problem.current, etag });

/**
 * Deletes a number unless it has changed.
 * @type {(number: DIDNumber, options?: RequestOptions) => Promise<APIResponse<null>>}
 */
export async function remove(number, options) {
  try {
    return await writeOnce("DELETE", number, undefined, options, (current) => current === null);
  } catch (error) {
    if (error.status !== 412 || differing(error.problem.current, number).length > 0) throw error;
    return remove(currentOf(error), options);
  }
}

/**
 * Changes members of a number unless one of them has changed; others may have.
 * @type {(number: DIDNumber, members: Partial<Content>, options?: RequestOptions) => Promise<APIResponse<DIDNumber>>}
 */
export async function update(number, members, options) {
  const names = /** @type {MemberName[]} */ (Object.keys(members));
  const isDone = (current) => current && names.every((name) => isEqual(name, current[name], members[name]));
  try {
    return tagged(await writeOnce("PATCH", number, members, options, isDone));
  } catch (error) {
    if (error.status !== 412) throw error;
    const current = currentOf(error);
    // An earlier request, whose response was lost, has set the values.
    if (isDone(current)) return { body: current, headers: new Headers() };
    if (names.some((name) => current[name] !== number[name])) throw error;
    return update(current, members, options);
  }
}

/** The ids of all numbers that match, from one snapshot. */
export async function listIDs(filters, options) {
  const { text } = await request(
    "GET",
    `${numbers}/export?${new URLSearchParams({ ...filters, format: "ndjson", ids: "true" })}`,
    options,
  );
  return text.split("\n").filter(Boolean).map((line) => JSON.parse(line).id);
}

/** Previews a change; with the preview's `ETag`, `changeMany` makes exactly this change, or fails. */
export const preview = (change, options) => write("POST", `${changes}?dryRun=true`, change, options);
export const changeMany = (change, etag, options) => write("POST", changes, change, options, etag);
export const undo = (id, options) => request("POST", `${changes}/${id}/undo`, options);
/** @type {PageReader<Change[]>} */
export const listChanges = page(changes);
/** @type {(id: number | string, options?: RequestOptions) => Promise<APIResponse<Change>>} */
export const readChange = (id, options) => request("GET", `${changes}/${id}`, options);
/** @type {(id: string, ...page: Parameters<PageReader<any>>) => ReturnType<PageReader<(Difference & DIDNumber)[]>>} */
export const listChangedNumbers = (id, query, options) => page(`${changes}/${id}/numbers`)(query, options);
/** @type {(id: string, ...page: Parameters<PageReader<any>>) => ReturnType<PageReader<(Difference & Change)[]>>} */
export const listNumberChanges = (id, query, options) => page(`${numbers}/${id}/changes`)(query, options);

/**
 * The file, as a response whose body has not been read.
 * @type {(query: string, options?: RequestOptions) => Promise<Response>}
 */
export const exportFile = (query, options) =>
  request("GET", `${numbers}/export?${query}`, { ...options, as: "response" });
/** @param file is a text or a `Blob` of the media type `type`. */
export const importFile = (file, type, query, options) =>
  request("POST", `${numbers}/import?${query}`, { ...options, body: file, type });

/** @type {PageReader<User[]>} */
export const listUsers = page(users);
export const addUser = (user, options) => write("POST", users, user, options);
export const updateUser = (id, members, options) => write("PATCH", `${users}/${id}`, members, options);
export const removeUser = (id, options) => request("DELETE", `${users}/${id}`, options);
export const listSessions = (id, options) => page(`${users}/${id}/sessions`)("", options);
export const endSessions = (id, options) => request("DELETE", `${users}/${id}/sessions`, options);
export const changePassword = (passwords, options) => write("PUT", `${users}/current/password`, passwords, options);
