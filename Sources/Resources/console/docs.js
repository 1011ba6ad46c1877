// The API's reference, generated from the OpenAPI document.

import { button, grid, keepingFocus, make, title } from "./elements.js";

const methods = ["get", "post", "patch", "put", "delete"];
const heading = "API documentation";
let api = null;

function resolve(thing) {
  if (!thing?.$ref) return thing;
  return thing.$ref.slice(2).split("/").reduce((container, name) => container[name.replaceAll("~1", "/")], api);
}

/** Converts a text to elements; its code is between back-ticks. */
function prose(text = "") {
  return text.split("\x60").map((part, index) => index % 2 ? make("code", part) : part);
}

function schemaName(schema) {
  const kinds = schema?.anyOf ?? schema?.oneOf;
  if (kinds) return kinds.flatMap((each, index) => [index > 0 && " or ", schemaName(each)]);
  if (schema?.$ref) return make("a", { href: `#${schema.$ref.split("/").pop()}` }, schema.$ref.split("/").pop());
  if (schema?.type === "array") return make("span", "array of ", schemaName(schema.items));
  return [schema?.type ?? "any"].flat().join(" or ");
}

/** The rules of a value, as a text without repeating the description. */
function rules(schema, description = "") {
  const found = [];
  if (schema.enum) {
    found.push(`one of ${schema.enum.map((value) => /\w/.test(value) ? value : `“${value}”`).join(", ")}`);
  }
  if (schema.minimum != null) found.push(`from ${schema.minimum}`);
  // JavaScript cannot represent all larger integers, and no real value is that large.
  if (schema.maximum != null && schema.maximum <= Number.MAX_SAFE_INTEGER) found.push(`up to ${schema.maximum}`);
  if (schema.pattern) found.push(`matches ${schema.pattern}`);
  const text = found.filter((rule) => !description.toLowerCase().includes(rule)).join("; ");
  return text && `${text[0].toUpperCase()}${text.slice(1)}.`;
}

/** The examples of a body, each with its value and perhaps a summary. */
const examplesOf = (content) =>
  content?.example === undefined ? Object.values(content?.examples ?? {}) : [{ value: content.example }];
const textOf = (example, space) => typeof example === "string" ? example : JSON.stringify(example, null, space);
const quoted = (text) => `'${text.replaceAll("'", "'\\''")}'`;
const block = (text, name = "pre") => make(name, { tabindex: "0" }, text);

/** A command for each example of an operation's body; one command if the operation has no body. */
function commands(method, path, operation, parameters) {
  const start = [
    "curl -i",
    method !== "get" && `-X ${method.toUpperCase()}`,
    operation.security?.length > 0 && "-H @token",
  ].filter(Boolean).join(" ");
  const address = location.origin +
    path.replace(/{(\w+)}/g, (_, name) => parameters.find((each) => each.name === name).example);
  const bodies = Object.entries(operation.requestBody?.content ?? {}).flatMap(([type, content]) =>
    examplesOf(content).map((
      { summary, value },
    ) => [
      summary && make("p", summary),
      block(`${start} -H 'Content-Type: ${type}' --data-binary ${quoted(textOf(value))} ${address}`, "pre.command"),
    ])
  );
  return bodies.length > 0 ? bodies : block(`${start} ${address}`, "pre.command");
}

/** The command that writes the file `token`. */
function signIn() {
  const body = textOf(examplesOf(api.paths["/api/v1/sessions"].post.requestBody.content["application/json"])[0].value);
  return `curl -s -H 'Content-Type: application/json' -d ${
    quoted(body)
  } ${location.origin}/api/v1/sessions | sed -n 's/.*"token":"\\([^"]*\\)".*/Authorization: Bearer \\1/p' > token`;
}

function operationSection(method, path, operation, shared) {
  const parameters = [...(shared ?? []), ...(operation.parameters ?? [])].map(resolve);
  const responses = Object.entries(operation.responses).map(([status, response]) => [status, resolve(response)]);
  return make(
    "section",
    { id: operation.operationId },
    make("h3", make("code", make("span.method", method.toUpperCase()), ` ${path}`), ` – ${operation.summary}`),
    make("p", prose(operation.description)),
    parameters.length > 0 &&
      [
        make("h4", "Parameters"),
        grid(
          `Parameters of ${operation.operationId}`,
          ["Name", "In", "Type", "Meaning"],
          parameters.map((
            each,
          ) => [make("code", each.name), each.in, schemaName(each.schema), [
            prose(each.description),
            " ",
            rules(resolve(each.schema), each.description),
          ]]),
        ),
      ],
    operation.requestBody &&
      [
        make("h4", "Body"),
        make(
          "ul",
          Object.entries(operation.requestBody.content).map(([type, { schema }]) =>
            make("li", make("code", type), ": ", schemaName(schema))
          ),
        ),
      ],
    make("h4", "Try it"),
    commands(method, path, operation, parameters),
    responses.filter(([status]) => status < 300).map(([status, response]) =>
      examplesOf(Object.values(response.content ?? {})[0]).slice(0, 1).map((
        { value },
      ) => [make("h4", `Response, ${status}`), block(textOf(value, 2))])
    ),
    make("h4", "Responses"),
    grid(
      `Responses of ${operation.operationId}`,
      ["Status", "Meaning"],
      responses.map(([status, { description }]) => [status, prose(description)]),
    ),
  );
}

const memberRows = ({ required = [], properties = {} }) =>
  Object.entries(properties).map(([name, schema]) => {
    const { description, ...rest } = { ...resolve(schema), ...schema };
    return [make("code", name + (required.includes(name) ? "" : " (optional)")), schemaName(schema), [
      prose(description),
      " ",
      rules(rest, description),
    ]];
  });

function schemaSection(name, schema) {
  const rows = memberRows(schema);
  return make(
    "section",
    { id: name },
    make("h3", name),
    make("p", prose(schema.description), " ", rules(schema)),
    rows.length > 0 && grid(`Members of ${name}`, ["Member", "Type", "Meaning"], rows),
  );
}

export function open(container, { signal }) {
  const content = make("div.docs", title(heading), make("p", { role: "status" }, "Loading …"));
  container.append(content);
  load(content, signal);
  // The browser itself follows links within the page.
  return { revisit() {} };
}

async function load(container, signal) {
  try {
    const response = await fetch("/api/v1/openapi.json", { signal });
    if (!response.ok) throw new Error(response.statusText);
    api = await response.json();
  } catch {
    if (signal.aborted) return;
    const retryButton = button("Try again", { onclick: () => load(container, signal) });
    keepingFocus(
      () =>
        container.replaceChildren(
          title(heading),
          make("p", { role: "alert" }, "The description cannot be loaded."),
          retryButton,
        ),
      () => retryButton.focus(),
    );
    return;
  }
  const operations = Object.entries(api.paths).flatMap(([path, item]) =>
    methods.filter((method) => item[method]).map((method) => [method, path, item[method], item.parameters])
  );
  keepingFocus(() =>
    container.replaceChildren(
      title(heading, make("span.spring"), make("a", { href: "/api/v1/openapi.json" }, "OpenAPI document")),
      make("p", prose(api.info.description)),
      make(
        "p",
        prose(
          "The commands on this page run in a shell. This one signs in with the password of a development setup; put " +
            "yours there. The others send the token from the file `token` that it writes.",
        ),
      ),
      block(signIn(), "pre.command"),
      make(
        "nav",
        { "aria-label": "Operations" },
        make(
          "ul",
          operations.map(([method, path, operation]) =>
            make(
              "li",
              make("a", { href: `#${operation.operationId}` }, operation.summary),
              " ",
              make("code", `${method.toUpperCase()} ${path}`),
            )
          ),
        ),
      ),
      ...api.tags.flatMap(({ name, description }) => [
        make("h2", name),
        make("p", prose(description)),
        ...operations.filter(([, , operation]) => operation.tags?.includes(name)).map((each) =>
          operationSection(...each)
        ),
      ]),
      make("h2", "Schemas"),
      ...Object.entries(api.components.schemas).map(([name, schema]) => schemaSection(name, schema)),
    )
  );
  if (location.hash) document.getElementById(location.hash.slice(1))?.scrollIntoView();
}
