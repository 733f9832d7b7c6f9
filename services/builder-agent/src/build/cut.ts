/**
 * Gives at most so many characters of a text, and no half of any: a surrogate without its other
 * half has no canonical form, so the whole result could not be signed.
 */
export function cut(text: string, maxCharacters: number): string {
  return text.slice(0, maxCharacters).replaceAll(/\p{Cs}/gu, '\ufffd');
}
