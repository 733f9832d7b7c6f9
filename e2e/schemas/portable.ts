/**
 * Takes out of a JSON Schema what other validators cannot read or nobody needs: patterns by Unicode
 * category (the program keeps to them), and the limits of a JavaScript number.
 */
export function portable(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(portable);
  if (typeof schema !== 'object' || schema === null) return schema;
  const entries = Object.entries(schema)
    .filter(([key, value]) => !isUnreadable(key, value) && !isNumberLimit(key, value))
    .map(([key, value]): [string, unknown] => [key, portable(value)]);
  return merged(Object.fromEntries(entries));
}

/** Views a value as the fields of an object. */
export function asFields(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

function isUnreadable(key: string, value: unknown): boolean {
  return key === 'pattern' && typeof value === 'string' && /\\p\{/i.test(value);
}

function isNumberLimit(key: string, value: unknown): boolean {
  return (
    (key === 'minimum' && value === Number.MIN_SAFE_INTEGER) ||
    (key === 'maximum' && value === Number.MAX_SAFE_INTEGER)
  );
}

/** Alternatives that lost everything say nothing; the last that is left needs no list. */
function merged({ allOf, ...fields }: Record<string, unknown>): object {
  if (!Array.isArray(allOf)) return fields;
  const left = allOf.filter((item) => Object.keys(asFields(item)).length > 0);
  if (left.length > 1) return { ...fields, allOf: left };
  return { ...fields, ...asFields(left[0]) };
}
