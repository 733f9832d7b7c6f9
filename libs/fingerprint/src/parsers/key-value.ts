/** Reads lines of `key<separator>value`, the first value of each key; other lines are passed over. */
export function parseLines(text: string, separator: ':' | '='): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  for (const line of text.split('\n')) {
    const at = line.indexOf(separator);
    const key = line.slice(0, at).trim();
    if (at > 0 && !values.has(key)) values.set(key, line.slice(at + 1).trim());
  }
  return values;
}
