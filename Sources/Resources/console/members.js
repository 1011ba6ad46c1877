// The members of a number in the table and in dialogs.

import { editablePrice, formatPrice, parsePrice } from "./prices.js";

/**
 * `label` names a column and a field, `short` a value on a narrow screen; the others are an input's attributes.
 * @type {Member[]}
 */
export const members = [
  { name: "value", label: "Number", short: "Number", inputmode: "tel", placeholder: "+55 84 91234-4321" },
  {
    name: "monthyPrice",
    label: "Monthly price",
    short: "Monthly",
    isPrice: true,
    inputmode: "decimal",
    placeholder: editablePrice("0.03"),
  },
  {
    name: "setupPrice",
    label: "Setup price",
    short: "Setup",
    isPrice: true,
    inputmode: "decimal",
    placeholder: editablePrice("3.40"),
  },
  {
    name: "currency",
    label: "Currency",
    short: "Currency",
    id: "number-currency",
    list: "currencies",
    placeholder: "U$",
  },
];

const byName = Object.fromEntries(members.map((member) => [member.name, member]));
export const labelOf = (name) => byName[name]?.label ?? name;

/** A member formatted for display, and for a field. @type {(name: MemberName, text: string) => string} */
export const formatMember = (name, text) => (text == null ? "–" : byName[name].isPrice ? formatPrice(text) : text);
/** @type {(name: MemberName, text: string) => string} */
export const editableMember = (name, text) => (byName[name].isPrice ? editablePrice(text) : text);

/**
 * A member's input in the API's format, without blanks around it, and without a spreadsheet's apostrophe.
 * @type {(name: MemberName, text: string) => string}
 */
export function readMember(name, text) {
  return byName[name].isPrice ? parsePrice(text) : text.trim().replace(/^'(?=\+)/, "");
}

/** Whether a member's texts are the same value. @type {(name: MemberName, one: string, other: string) => boolean} */
export function isEqual(name, one, other) {
  const plain = (
    text,
  ) => (byName[name].isPrice ? Number(text) : name === "value" ? text.replace(/\D/g, "") : text.normalize());
  return plain(one) === plain(other);
}

/** The members in which two contents differ. @type {(before: Content, after: Content) => MemberName[]} */
export const differing = (before, after) =>
  members.map(({ name }) => name).filter((name) => before?.[name] !== after?.[name]);
