// Converts prices between the API's format, `1234.50`, and that of a language, by default the browser's.

export const decimalsOf = (text) => (text.split(".")[1] ?? "").length;

/** Formatters, by all their options: building one takes longer than using it. */
const formatters = new Map();

function formatter(language, useGrouping, decimals) {
  const key = [language, useGrouping, decimals].join();
  if (!formatters.has(key)) {
    formatters.set(
      key,
      new Intl.NumberFormat(language, {
        // Always show digits 0 to 9, which users can type, and the API can read.
        numberingSystem: "latn",
        useGrouping,
        minimumFractionDigits: decimals,
        maximumFractionDigits: 6,
      }),
    );
  }
  return formatters.get(key);
}

/** A decimal number in the browser's language. Intl reads decimal strings without loss. */
export const format = (text, useGrouping = true, language = undefined) =>
  formatter(language, useGrouping, decimalsOf(text)).format(text);

/** Whether the text is a price; other texts are shown unchanged. */
export const isPrice = (text) => /^\d+(\.\d{1,4})?$/.test(text);

/** The price in the language. @type {(text: string, language?: string) => string} */
export const formatPrice = (text, language) => (isPrice(text) ? format(text, true, language) : text);

/** The price for a field: without group separators. @type {(text: string, language?: string) => string} */
export const editablePrice = (text, language) => (isPrice(text) ? format(text, false, language) : text);

/** A language's separators; `groupSize` is how many digits a group has before the last one, such as two in India. */
function separatorsOf(language) {
  const parts = formatter(language, true, 0).formatToParts(1234567.5);
  return {
    decimal: parts.find(({ type }) => type === "decimal").value,
    group: parts.find(({ type }) => type === "group")?.value,
    groupSize: parts.filter(({ type }) => type === "integer").at(-2)?.value.length ?? 3,
  };
}

/**
 * Converts input to the API's format; leaves unreadable input to the API's validation.
 * @type {(text: string, language?: string) => string}
 * @throws an Error if the input is ambiguous; its message follows the field's name.
 */
export function parsePrice(text, language) {
  const { decimal, group, groupSize } = separatorsOf(language);
  // Also removes a blank that separates groups.
  const compact = text.replace(/\s/g, "").replaceAll("−", "-");
  if (group && new RegExp(`^[-+]?\\d{1,3}\\${group}\\d{3}$`).test(compact)) {
    const whole = compact.replace(group, "");
    const broken = compact.replace(group, ".");
    const shown = (price) => format(price, false, language);
    throw new Error(`could be ${whole} or ${shown(broken)}; write ${shown(`${whole}.00`)} or ${shown(`${broken}0`)}`);
  }
  const grouped = new RegExp(`^[-+]?\\d{1,3}(\\${group}\\d{${groupSize},3})*\\${group}\\d{3}(\\${decimal}\\d+)?$`);
  const plain = group && grouped.test(compact) ? compact.replaceAll(group, "") : compact;
  return new RegExp(`^[-+]?\\d+\\${decimal}\\d+$`).test(plain) ? plain.replace(decimal, ".") : plain;
}

/**
 * The factor of a percentage in the API's format: `1.1` of `+10`, `0.945` of `-5.5`. No float is involved.
 * @throws an Error, whose message follows the field's name.
 */
export function factorOf(percentage) {
  const [, sign, whole, fraction = ""] = /^([-+]?)(\d{1,7})(?:\.(\d{1,4}))?$/.exec(percentage) ?? [];
  const units = whole ? 100n * 10n ** BigInt(fraction.length) + BigInt(sign + whole + fraction) : -1n;
  if (units < 0n) {
    throw new Error(
      `must be a percentage such as +10 or ${format("-5.5")}, from -100 to 9999999, with four decimals at most`,
    );
  }
  const digits = String(units).padStart(fraction.length + 3, "0");
  const point = digits.length - fraction.length - 2;
  return `${digits.slice(0, point)}.${digits.slice(point)}`.replace(/\.?0+$/, "");
}
