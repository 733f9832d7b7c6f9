import type { BuiltPages } from './built-pages.js';
import type { PageData, RenderedPage } from './page-renderer.js';

/** Where the files of pages are served. */
export const ASSETS = '/assets';

/**
 * What a page may load and do: its own files and this API. Nothing inline, nothing of anybody else.
 *
 * Source: W3C Content Security Policy Level 3
 */
export const PAGE_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "worker-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** Writes the document around a page. Its data goes along, from which scripts draw the same again. */
export function documentOf(
  { title, html }: RenderedPage,
  data: PageData,
  { script, modules, styles }: BuiltPages,
): string {
  return [
    '<!doctype html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<title>${escapeHtml(title)}</title>`,
    '<link rel="icon" href="data:,">',
    ...styles.map((name) => `<link rel="stylesheet" href="${ASSETS}/${escapeHtml(name)}">`),
    ...modules.map((name) => `<link rel="modulepreload" href="${ASSETS}/${escapeHtml(name)}">`),
    `<script type="module" src="${ASSETS}/${escapeHtml(script)}"></script>`,
    '</head>',
    '<body>',
    `<div id="root">${html}</div>`,
    `<script type="application/json" id="data">${escapeJson(data)}</script>`,
    '</body>',
    '</html>',
    '',
  ].join('\n');
}

function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

/** Without `<` nothing in it can end the element that it stands in, nor begin a comment. */
function escapeJson(data: PageData): string {
  return JSON.stringify(data).replaceAll('<', '\\u003c');
}
