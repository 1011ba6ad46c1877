// Types for `deno check`: the API's values, and what the browser's types lack. The server does not serve this file.

/** A member of a number that users edit. */
type MemberName = "value" | "monthyPrice" | "setupPrice" | "currency";
type Content = Record<MemberName, string>;
interface DIDNumber extends Content {
  id: number;
  /** Its tag for `If-Match`. */
  etag?: string;
}

/** The members of a number in one list, with their texts and their inputs' attributes. */
interface Member {
  name: MemberName;
  label: string;
  short: string;
  placeholder: string;
  isPrice?: true;
  inputmode?: string;
  id?: string;
  list?: string;
}

/** Is called after a write, with the number and the response. */
type Saved = (number: DIDNumber, response: APIResponse<DIDNumber>) => void;

interface Change {
  id: number;
  at: string;
  username: string;
  kind: string;
  count: number;
  undoes?: number;
  undoneBy?: number;
  /** Its only number, or the first one that matches the list's filter. */
  number?: Difference & { id?: number };
}
/** A number before and after a change; one of them is missing if it was created or deleted. */
interface Difference {
  before?: Content;
  after?: Content;
}
interface User {
  id: number;
  username: string;
  role: "salesperson" | "supervisor";
  sessions: number;
}
interface CurrencyCount {
  currency: string;
  count: number;
}

/** Options of a request. */
interface RequestOptions {
  /** An Idempotency-Key. */
  key?: string;
  signal?: AbortSignal;
}
interface AllRequestOptions extends RequestOptions {
  body?: any;
  /** The media type of a body that is no JSON. */
  type?: string;
  headers?: Record<string, string>;
  token?: string;
  as?: "json" | "response";
}
interface APIResponse<Body> {
  status?: number;
  headers: Headers;
  body: Body;
}
/** Requests a page of a list, unless it still has the tag `etag`. */
type PageReader<Body> = (
  query: string,
  options?: { etag?: string; signal?: AbortSignal },
) => Promise<APIResponse<Body>>;

/** What a page's module opens: the router calls `revisit` if only the query has changed. */
interface Page {
  revisit?: (options: { isBack: boolean }) => void;
  keys?: Record<string, () => void>;
}

interface Route {
  path: RegExp;
  title: string;
  /** The address of its link in the header. */
  section?: string;
  /** Whether only supervisors may open it. */
  isWrite?: true;
  /** Whether it needs no user. */
  isPublic?: true;
  load(): PageModule | Promise<PageModule>;
}
interface PageModule {
  open(container: HTMLElement, options: { signal: AbortSignal; id?: string; isBack?: boolean }): Page | void;
}

/** The modules that are loaded when they are needed. */
interface Modules {
  bulk: typeof import("./bulk.js");
  changes: typeof import("./changes.js");
  docs: typeof import("./docs.js");
  editing: typeof import("./editing.js");
  exporting: typeof import("./exporting.js");
  importing: typeof import("./importing.js");
  number: typeof import("./number.js");
  password: typeof import("./password.js");
  pasting: typeof import("./pasting.js");
  users: typeof import("./users.js");
}

/** A notice's action and link, if it has one. */
interface NoticeOptions {
  action?: { label: string; run: () => void };
  link?: { label: string; href: string };
  isError?: boolean;
  /** A newer notice of the same topic replaces this one. */
  topic?: string;
}

type Child = Node | string | number | null | undefined | false | Child[];
type Attributes =
  & { [Name in keyof HTMLElementEventMap as `on${Name}`]?: (event: HTMLElementEventMap[Name] & Targets) => unknown }
  & { [name: string]: unknown };

/** The elements of an event: their class, which is not known here, has all members that listeners use. */
interface Targets {
  target: HTMLInputElement;
  currentTarget: HTMLInputElement;
}

/** The class of an element, by its tag's name. */
type Tagged<Name> = Name extends keyof HTMLElementTagNameMap ? HTMLElementTagNameMap[Name] : HTMLElement;
/** The class of the element that `make` returns, such as for `input#q.wide`. */
type Made<Text extends string> = Text extends `${infer Name}.${string}` ? Made<Name>
  : Text extends `${infer Name}#${string}` ? Tagged<Name>
  : Tagged<Text>;
/** The class of the element that a selector finds, such as for `main h1`. */
type Selected<Text extends string> = Text extends `${string} ${infer Last}` ? Selected<Last>
  : Text extends `${infer Name}[${string}` ? Selected<Name>
  : Text extends `${infer Name}:${string}` ? Selected<Name>
  : Made<Text>;

interface ParentNode {
  querySelector<Text extends string>(selector: Text): Selected<Text> | null;
  querySelectorAll<Text extends string>(selector: Text): NodeListOf<Selected<Text>>;
}
interface Element extends HTMLOrSVGElement {
  closest<Text extends string>(selector: Text): Selected<Text> | null;
  cloneNode(isDeep?: boolean): this;
}
interface UIEvent {
  target: HTMLInputElement;
  currentTarget: HTMLInputElement;
}
interface HTMLFormControlsCollection {
  [name: string]: any;
}

/** The elements of index.html that scripts find. */
interface PageElements {
  account: HTMLDivElement;
  currencies: HTMLDataListElement;
  icon: HTMLTemplateElement;
  main: HTMLElement;
  notices: HTMLOListElement;
  "own-password": HTMLButtonElement;
  "show-keys": HTMLButtonElement;
  "sign-out": HTMLButtonElement;
  who: HTMLButtonElement;
}
