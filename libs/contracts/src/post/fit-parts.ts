/** A part of a text, and what may stand in its place where there is no room. */
export interface Part {
  readonly lines: readonly string[];
  /** Shorter forms; of all parts the one with the greatest `rank` is taken first. */
  readonly cuts?: readonly { readonly rank: number; readonly lines: readonly string[] }[];
}

/**
 * Joins parts to a text of at most `limit` characters (UTF-16 units), if their shortest forms allow
 * it. As few parts as possible are shortened, least important first; `note` stands after the first
 * part where any was.
 */
export function fitParts(
  parts: readonly Part[],
  { limit, note }: { readonly limit: number; readonly note: readonly string[] },
): string {
  const forms = parts.map(({ lines }) => lines);
  const cuts = parts
    .flatMap(({ cuts: some = [] }, at) => some.map(({ rank, lines }) => ({ at, rank, lines })))
    .toSorted((one, other) => other.rank - one.rank);
  let text = joined(forms);
  for (const { at, lines } of cuts) {
    if (text.length <= limit) return text;
    forms[at] = lines;
    text = joined([forms[0] ?? [], note, ...forms.slice(1)]);
  }
  return text;
}

function joined(forms: readonly (readonly string[])[]): string {
  return `${forms.flat().join('\n').trimEnd()}\n`;
}
