// Converts prices between the API's format, `1234.50`, and that of the browser's language.

// Always show digits 0 to 9, which users can type, and the API can read.
const locale = { numberingSystem: "latn" };
const parts = new Intl.NumberFormat(undefined, { ...locale, useGrouping: true }).formatToParts(1234567.5);
const decimal = parts.find(({ type }) => type === "decimal")?.value ?? ".";
const group = parts.find(({ type }) => type === "group")?.value ?? "";
/** The digits of a group before the last one, which has three: two in India. */
const groupSize = parts.filter(({ type }) => type === "integer").at(-2)?.value.length ?? 3;

export const decimalsOf = (text) => (text.split(".")[1] ?? "").length;

function format(text, useGrouping) {
  const decimals = decimalsOf(text);
  // Intl reads decimal strings without loss.
  return new Intl.NumberFormat(undefined, { ...locale, useGrouping, minimumFractionDigits: decimals, maximumFractionDigits: 4 }).format(text);
}

const formats = new Map();
/** Other texts are shown unchanged. */
const isPrice = (text) => /^\d+(\.\d{1,4})?$/.test(text);

/** The price in the browser's language. */
export function shown(text) {
  if (!isPrice(text)) return text;
  let made = formats.get(text);
  if (made === undefined) {
    if (formats.size > 5000) formats.clear();
    formats.set(text, (made = format(text, true)));
  }
  return made;
}

/** The price for a field: without group separators. */
export const typeable = (text) => (isPrice(text) ? format(text, false) : text);

/**
 * Converts input to the API's format; leaves unreadable input to the API's validation.
 * @throws an Error if the input is ambiguous; its message follows the field's name.
 */
export function read(text) {
  const bare = text.replace(/\s/g, "").replaceAll("−", "-");
  const sign = group.trim() || null;
  if (sign && new RegExp(`^[-+]?\\d{1,3}\\${sign}\\d{3}$`).test(bare)) {
    const whole = bare.replace(sign, "");
    const broken = bare.replace(sign, ".");
    throw new Error(`could be ${whole} or ${format(broken, false)}; write ${format(`${whole}.00`, false)} or ${format(`${broken}0`, false)}`);
  }
  const grouped = sign && new RegExp(`^[-+]?\\d{1,3}(\\${sign}\\d{${groupSize},3})*\\${sign}\\d{3}(\\${decimal}\\d+)?$`).test(bare) ? bare.replaceAll(sign, "") : bare;
  return decimal !== "." && new RegExp(`^[-+]?\\d+\\${decimal}\\d+$`).test(grouped) ? grouped.replace(decimal, ".") : grouped;
}
