/**
 * Characters that move a cursor, end a line or turn the direction of writing. They are listed and not
 * asked of Unicode's tables: what a manifest's bytes are must not hang on a runtime's edition of them.
 */
const UNPRINTABLE =
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\uffff]/;

/** What nearly every path and value is made of, and a quick answer. */
const ASCII = /^[ -~]*$/;

/** Tells whether a text may stand in a manifest as it is, and on a terminal or a page. */
export function isPrintable(text: string): boolean {
  return ASCII.test(text) || (text.isWellFormed() && !UNPRINTABLE.test(text));
}
