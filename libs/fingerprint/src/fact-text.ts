/** Characters of one text fact, counted as a reader would. */
export const MAX_FACT_CHARACTERS = 200;

// Controls, formats (bidirectional overrides and zero-width characters among them), lone
// surrogates, private use, and the two separators that break lines on a page.
const UNSAFE = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}]/gu;

const SHORT = /^.{0,200}$/su;
const KEPT = /^.{199}/su;

/**
 * Tells whether a text may be shown and published as it is: at most 200 characters, none of them
 * a control, an invisible one, or one that turns the direction of writing.
 */
export function isSafeFactText(text: string): boolean {
  return SHORT.test(text) && text.search(UNSAFE) < 0;
}

/** Makes a text safe: unsafe characters become U+FFFD, and what is too long ends in an ellipsis. */
export function cleanFactText(text: string): string {
  // Cut first: a hostile text may have millions of characters.
  const clean = text.slice(0, 4 * MAX_FACT_CHARACTERS).replace(UNSAFE, '\ufffd');
  return SHORT.test(clean) ? clean : `${KEPT.exec(clean)?.[0] ?? ''}…`;
}
