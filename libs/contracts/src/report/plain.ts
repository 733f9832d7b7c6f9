/** What a terminal or a page would obey, or show in another place than it stands. */
const UNSAFE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/**
 * Makes a hostile text safe to print: control, bidi and line-breaking characters and halves of
 * surrogate pairs become spaces, and what is longer than `limit` characters is cut with an ellipsis.
 */
export function plain(text: string, limit = 200): string {
  // A character is at most two code units, so the rest of a huge text is never looked at.
  const safe = text.slice(0, 2 * limit + 2).replace(UNSAFE, ' ');
  const characters = Array.from(safe);
  return characters.length > limit ? `${characters.slice(0, limit - 1).join('')}…` : safe;
}

/**
 * Escapes what Markdown or HTML would read as markup, and parts with a zero-width space what forums
 * turn into links and mentions by themselves.
 */
export function markdownText(text: string, limit = 200): string {
  return plain(text, limit)
    .replace(/[\\`*_{}[\]()#+!|~$^]/g, '\\$&')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('@', '@\u200b')
    .replaceAll('://', ':\u200b//')
    .replace(/www\./gi, '$&\u200b');
}

/** Writes a text as a code span that nothing in it can end, nor the table cell around it. */
export function markdownCode(text: string, limit = 200): string {
  const safe = plain(text, limit).replaceAll('`', '%60').replaceAll('|', '%7C').trim();
  return `\`${safe === '' ? '-' : safe}\``;
}
