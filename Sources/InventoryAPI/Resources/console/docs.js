// The API's description for people, made from the OpenAPI document.

import { button, grid, keepingFocus, make } from "./elements.js";

const methods = ["get", "post", "put", "patch", "delete"];
let api = null;

/** What a reference stands for. */
function resolve(thing) {
  if (!thing?.$ref) return thing;
  return thing.$ref.slice(2).split("/").reduce((place, name) => place[name.replaceAll("~1", "/")], api);
}

/** Text in which `code` is between back-ticks. */
function prose(text = "") {
  return text.split("`").map((part, index) => index % 2 ? make("code", part) : part);
}

function schemaName(schema) {
  if (schema?.$ref) return make("a", { href: `#${schema.$ref.split("/").pop()}` }, schema.$ref.split("/").pop());
  if (schema?.type === "array") return make("span", "array of ", schemaName(schema.items));
  return [schema?.type ?? "any"].flat().join(" or ");
}

/** What a value must be, as a sentence; what the description says already is not said again. */
function rules(schema, description = "") {
  const told = [];
  if (schema.enum) told.push(`one of ${schema.enum.join(", ")}`);
  if (schema.minimum != null) told.push(`from ${schema.minimum}`);
  // Beyond this a number of JavaScript is another, and nobody counts so far.
  if (schema.maximum != null && schema.maximum <= Number.MAX_SAFE_INTEGER) told.push(`up to ${schema.maximum}`);
  if (schema.pattern) told.push(`matches ${schema.pattern}`);
  if (schema.default != null) told.push(`default ${schema.default}`);
  const text = told.filter((rule) => !description.toLowerCase().includes(rule)).join("; ");
  return text && `${text[0].toUpperCase()}${text.slice(1)}.`;
}

const exampleOf = (content) => content?.example ?? Object.values(content?.examples ?? {})[0]?.value;
const quoted = (text) => `'${text.replaceAll("'", "'\\''")}'`;

function curl(method, path, operation) {
  const parts = ["curl -i"];
  if (method !== "get") parts.push(`-X ${method.toUpperCase()}`);
  const [type, content] = Object.entries(operation.requestBody?.content ?? {})[0] ?? [];
  if (operation.security?.length) parts.push("-H 'Authorization: Bearer ctk_…'");
  if (type) parts.push(`-H 'Content-Type: ${type}' -d ${quoted(JSON.stringify(exampleOf(content)))}`);
  return `${parts.join(" ")} ${location.origin}${path.replace("{id}", "42").replace("{name}", "not-found").replace("{file}", "app.js")}`;
}

function operationSection(method, path, operation, shared) {
  const parameters = [...(shared ?? []), ...(operation.parameters ?? [])].map(resolve);
  const success = Object.entries(operation.responses).find(([status]) => status < 300);
  const example = exampleOf(Object.values(resolve(success?.[1])?.content ?? {})[0]);
  return make("section", { id: operation.operationId },
    make("h3", make("code", make("span.method", method.toUpperCase()), ` ${path}`), ` – ${operation.summary}`),
    make("p", prose(operation.description)),
    parameters.length > 0 && [make("h4", "Parameters"), grid(`Parameters of ${operation.operationId}`, ["Name", "In", "Type", "Meaning"], parameters.map((each) =>
      [make("code", each.name), each.in, schemaName(each.schema), [prose(each.description), " ", rules(each.schema ?? {}, each.description)]]))],
    operation.requestBody && [make("h4", "Body"), make("p", schemaName(Object.values(operation.requestBody.content)[0].schema))],
    make("h4", "Try it"), make("pre", { tabindex: "0" }, curl(method, path, operation)),
    example !== undefined && [make("h4", `Answer, ${success[0]}`), make("pre", { tabindex: "0" }, typeof example === "string" ? example : JSON.stringify(example, null, 2))],
    make("h4", "Answers"), grid(`Answers of ${operation.operationId}`, ["Status", "Meaning"], Object.entries(operation.responses).map(([status, response]) => [status, prose(resolve(response).description)])));
}

function schemaSection(name, schema) {
  const required = schema.required ?? [];
  return make("section", { id: name },
    make("h3", name), make("p", prose(schema.description)),
    grid(`Members of ${name}`, ["Member", "Type", "Meaning"], Object.entries(schema.properties ?? {}).map(([member, each]) =>
      [make("code", member + (required.includes(member) ? "" : " (optional)")), schemaName(each), [prose(resolve(each).description), " ", rules(resolve(each), resolve(each).description)]])));
}

async function start() {
  const place = document.getElementById("docs");
  try {
    const answer = await fetch("/api/v1/openapi.json");
    if (!answer.ok) throw new Error(answer.statusText);
    api = await answer.json();
  } catch {
    const again = button("Try again", { onclick: start });
    keepingFocus(() => place.replaceChildren(make("h1", "The API"), make("p", { role: "alert" }, "The description cannot be loaded."), again), () => again.focus());
    return;
  }
  const operations = Object.entries(api.paths).flatMap(([path, item]) =>
    methods.filter((method) => item[method]).map((method) => [method, path, item[method], item.parameters]));
  keepingFocus(() => place.replaceChildren(
    make("h1", { tabindex: "-1" }, "The API"), make("p", prose(api.info.description)),
    make("nav", { "aria-label": "Operations" }, make("ul", operations.map(([method, path, operation]) =>
      make("li", make("a", { href: `#${operation.operationId}` }, operation.summary), " ", make("code", `${method.toUpperCase()} ${path}`))))),
    ...api.tags.flatMap(({ name, description }) => [
      make("h2", name), make("p", prose(description)),
      ...operations.filter(([, , operation]) => operation.tags?.includes(name)).map((each) => operationSection(...each))]),
    make("h2", "Schemas"),
    ...Object.entries(api.components.schemas).map(([name, schema]) => schemaSection(name, schema))));
  if (location.hash) document.getElementById(location.hash.slice(1))?.scrollIntoView();
}

start();
