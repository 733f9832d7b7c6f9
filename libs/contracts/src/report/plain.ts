/**
 * Makes a hostile text safe to print: control, bidi and line-breaking characters become spaces, and
 * what is longer than `limit` characters is cut with an ellipsis.
 */
export function plain(text: string, limit = 200): string {
  const safe = text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, ' ');
  return safe.length > limit ? `${safe.slice(0, limit - 1)}…` : safe;
}

/** Escapes what Markdown or HTML would read as markup. */
export function markdownText(text: string, limit = 200): string {
  return plain(text, limit)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replace(/[\\`*_{}[\]()#+!|~]/g, '\\$&')
    .replace(/@/g, '@\u200b')
    .replace(/:\/\//g, ':\u200b//');
}
