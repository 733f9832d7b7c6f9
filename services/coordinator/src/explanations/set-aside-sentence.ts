import type { SetAside } from './experiment-outcomes.js';

/**
 * Says of the newest re-build that was set aside whose it is and why, and how many others there are;
 * nothing where there is none. `names` are what readers call builders.
 */
export function setAsideSentence(
  setAside: readonly SetAside[],
  names: Readonly<Record<string, string>>,
): readonly string[] {
  const newest = setAside.at(-1);
  if (newest === undefined) return [];
  const { builder, because } = newest;
  const name = Object.hasOwn(names, builder) ? (names[builder] ?? builder) : builder;
  const more = setAside.length > 1 ? `, nor are ${setAside.length - 1} before it` : '';
  return [`The re-build of ${name} is not taken in${more}: ${because}.`];
}
