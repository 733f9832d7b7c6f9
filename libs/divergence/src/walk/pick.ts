import type { Attributes } from '#libs/manifest';

/** Some attributes of many, those that are there. */
export function pick(from: Attributes, names: readonly string[]): Attributes {
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = from[name];
      return value === undefined ? [] : [[name, value] as const];
    }),
  );
}
