/**
 * Says of a value that JSON.parse gave whether it is plainly what a schema asks for: with every field
 * right and none that the schema would drop, so that reading it by the schema gives an equal value. A
 * no says nothing: then the schema decides, and explains. A yes costs a tenth of what the schema does.
 */
export type QuickMatch = (value: unknown) => boolean;

type Fields = Readonly<Record<string, QuickMatch>>;

/** A text of so many characters at most, of those that a pattern allows. */
export function quickText(most: number, pattern?: RegExp): QuickMatch {
  return (value) =>
    typeof value === 'string' &&
    value.length <= most &&
    (pattern === undefined || pattern.test(value));
}

/** One of these values and no other. */
export function quickValue(...values: readonly unknown[]): QuickMatch {
  return (value) => values.includes(value);
}

/** A whole number from 0 on. */
export const quickCount: QuickMatch = (value) => Number.isSafeInteger(value) && Number(value) >= 0;

/** Null, or what else matches. */
export function quickNullable(match: QuickMatch): QuickMatch {
  return (value) => value === null || match(value);
}

/** A list of so many at most. */
export function quickList(most: number, match: QuickMatch, least = 0): QuickMatch {
  return (value) =>
    Array.isArray(value) && value.length >= least && value.length <= most && value.every(match);
}

/** An object with these fields, perhaps with those, and with no others. */
export function quickObject(required: Fields, optional: Fields = {}): QuickMatch {
  const needed = Object.keys(required).length;
  const fields = new Map([...Object.entries(required), ...Object.entries(optional)]);
  const isRequired = new Set(Object.keys(required));
  return (value) => {
    if (!isObject(value)) return false;
    let found = 0;
    for (const name of Object.keys(value)) {
      const match = fields.get(name);
      if (match === undefined || !match(value[name])) return false;
      if (isRequired.has(name)) found += 1;
    }
    return found === needed;
  };
}

/** An object of so many fields at most, with any names that match. */
export function quickRecord(name: QuickMatch, match: QuickMatch, most = 1000): QuickMatch {
  return (value) => {
    if (!isObject(value)) return false;
    const names = Object.keys(value);
    // A schema passes over the one name that is more than a name.
    return (
      names.length <= most &&
      names.every((one) => one !== '__proto__' && name(one) && match(value[one]))
    );
  };
}

/** Whatever JSON holds. */
export const quickAny: QuickMatch = () => true;

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
