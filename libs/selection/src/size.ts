const UNITS = ['', 'KiB', 'MiB', 'GiB', 'TiB'] as const;
const KIBI = 1024;

/** Writes a size in the largest unit in which it is whole. */
export function sizeText(bytes: number): string {
  let [value, unit] = [bytes, 0];
  while (value > 0 && value % KIBI === 0 && unit < UNITS.length - 1) {
    value /= KIBI;
    unit += 1;
  }
  return `${value}${UNITS[unit] ?? ''}`;
}

/** Writes a size for people: in GiB, to one digit after the point, where it comes to that much. */
export function roughSizeText(bytes: number): string {
  const gib = bytes / KIBI ** 3;
  return gib < 1 ? `${Math.round(bytes / KIBI ** 2)} MiB` : `${Math.floor(gib * 10) / 10} GiB`;
}

/** Reads a size such as `16GiB` or `1024`; null of anything else, and of what no number can hold. */
export function parseSize(text: string): number | null {
  const [, digits, unit = ''] = /^([1-9]\d{0,14})(|KiB|MiB|GiB|TiB)$/.exec(text) ?? [];
  const power = UNITS.findIndex((name) => name === unit);
  const bytes = Number(digits) * KIBI ** power;
  return digits !== undefined && Number.isSafeInteger(bytes) ? bytes : null;
}
