/** A value as the dashboard's API writes it; its numbers may be larger than JavaScript's own. */
export type Json =
  string | number | bigint | boolean | null | readonly Json[] | { readonly [name: string]: Json };

/** An object of such values. */
export type JsonObject = Readonly<Record<string, Json>>;

/** Writes JSON in which a bigint is a bare number, whatever its size: `46334384189105008`. */
export function toJson(value: Json): string {
  if (typeof value === 'bigint') return value.toString();
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if (isList(value)) return `[${value.map(toJson).join(',')}]`;
  const fields = Object.entries(value);
  return `{${fields.map(([name, each]) => `${JSON.stringify(name)}:${toJson(each)}`).join(',')}}`;
}

function isList(value: object): value is readonly Json[] {
  return Array.isArray(value);
}
