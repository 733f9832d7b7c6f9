/** Cuts a long list into a first part, which is seen, and further ones, which are opened one by one. */
export function partsOf<T>(
  all: readonly T[],
  first: number,
  next: number,
): readonly (readonly T[])[] {
  const parts = all.length === 0 ? [] : [all.slice(0, first)];
  for (let at = first; at < all.length; at += next) parts.push(all.slice(at, at + next));
  return parts;
}
