// Converts prices between the API's format, `1234.50`, and that of the browser's language.

// Always show digits 0 to 9, which users can type, and the API can read.
const locale = { numberingSystem: "latn" };
const parts = new Intl.NumberFormat(undefined, { ...locale, useGrouping: true }).formatToParts(1234567.5);
const decimal = parts.find(({ type }) => type === "decimal")?.value ?? ".";
const group = parts.find(({ type }) => type === "group")?.value ?? "";
/** How many digits a group has before the last one, such as two in India; the last one has three. */
const groupSize = parts.filter(({ type }) => type === "integer").at(-2)?.value.length ?? 3;

export const decimalsOf = (text) => (text.split(".")[1] ?? "").length;

/** A decimal number in the browser's language. */
export function format(text, useGrouping = true) {
  const decimals = decimalsOf(text);
  // Intl reads decimal strings without loss.
  return new Intl.NumberFormat(undefined, {
    ...locale,
    useGrouping,
    minimumFractionDigits: decimals,
    maximumFractionDigits: 6,
  }).format(text);
}

const formats = new Map();
/** Whether the text is a price; other texts are shown unchanged. */
const isPrice = (text) => /^\d+(\.\d{1,4})?$/.test(text);

/** The price in the browser's language. */
export function formatPrice(text) {
  if (!isPrice(text)) return text;
  let formatted = formats.get(text);
  if (formatted === undefined) {
    if (formats.size > 5000) formats.clear();
    formats.set(text, formatted = format(text, true));
  }
  return formatted;
}

/** The price for a field: without group separators. */
export const editablePrice = (text) => (isPrice(text) ? format(text, false) : text);

/**
 * Converts input to the API's format; leaves unreadable input to the API's validation.
 * @throws an Error if the input is ambiguous; its message follows the field's name.
 */
export function parsePrice(text) {
  const compact = text.replace(/\s/g, "").replaceAll("−", "-");
  const separator = group.trim() || null;
  if (separator && new RegExp(`^[-+]?\\d{1,3}\\${separator}\\d{3}$`).test(compact)) {
    const whole = compact.replace(separator, "");
    const broken = compact.replace(separator, ".");
    throw new Error(
      `could be ${whole} or ${format(broken, false)}; write ${format(`${whole}.00`, false)} or ${
        format(`${broken}0`, false)
      }`,
    );
  }
  const grouped = separator &&
      new RegExp(`^[-+]?\\d{1,3}(\\${separator}\\d{${groupSize},3})*\\${separator}\\d{3}(\\${decimal}\\d+)?$`).test(
        compact,
      )
    ? compact.replaceAll(separator, "")
    : compact;
  return decimal !== "." && new RegExp(`^[-+]?\\d+\\${decimal}\\d+$`).test(grouped)
    ? grouped.replace(decimal, ".")
    : grouped;
}

/**
 * The factor of a percentage in the API's format: `1.1` of `+10`, `0.945` of `-5.5`. No float is involved.
 * @throws an Error, whose message follows the field's name.
 */
export function factorOf(percentage) {
  const [, sign, whole, fraction = ""] = /^([-+]?)(\d{1,7})(?:\.(\d{1,4}))?$/.exec(percentage) ?? [];
  const units = whole ? 100n * 10n ** BigInt(fraction.length) + BigInt(sign + whole + fraction) : -1n;
  if (units < 0n) {
    throw new Error(`must be a percentage such as +10 or ${format("-5.5")}, at least -100, with four decimals at most`);
  }
  const digits = String(units).padStart(fraction.length + 3, "0");
  const point = digits.length - fraction.length - 2;
  return `${digits.slice(0, point)}.${digits.slice(point)}`.replace(/\.?0+$/, "");
}
