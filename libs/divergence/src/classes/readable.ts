/** Characters of one line that is shown. */
export const MAX_DETAIL_CHARACTERS = 300;
const MAX_TOKEN_CHARACTERS = 72;
/** What both have alike before they differ: so much is enough to find it by. */
const CHARACTERS_BEFORE = 16;

// Controls, formats (bidirectional overrides and zero-width characters among them), lone surrogates,
// private use, and the two separators that break lines on a page.
const UNSAFE = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}]/gu;

/** Makes a stranger's text fit for one line of a page: unsafe characters become U+FFFD. */
export function readable(text: string, maxCharacters: number = MAX_DETAIL_CHARACTERS): string {
  // Cut first: a hostile text may have millions of characters.
  const clean = text.slice(0, 4 * maxCharacters).replace(UNSAFE, '\ufffd');
  const characters = Array.from(clean);
  if (characters.length <= maxCharacters) return clean;
  return `${characters.slice(0, maxCharacters - 1).join('')}…`;
}

/** Shows what stands on either side: `"a" on the left, "b" on the right`; of long texts where they differ. */
export function bothSides(left: string, right: string): string {
  const isHidden = left !== right && quoted(left) === quoted(right);
  const [a, b] = isHidden ? fromDifference(left, right) : [left, right];
  return `${quoted(a)} on the left, ${quoted(b)} on the right`;
}

function fromDifference(left: string, right: string): readonly [string, string] {
  let same = 0;
  while (same < left.length && left[same] === right[same]) same += 1;
  const start = Math.max(0, same - CHARACTERS_BEFORE);
  const from = (text: string): string => `${start > 0 ? '…' : ''}${text.slice(start)}`;
  return [from(left), from(right)];
}

/** Quotes one token of a stranger's text. */
export function quoted(text: string): string {
  return `"${readable(text, MAX_TOKEN_CHARACTERS)}"`;
}
