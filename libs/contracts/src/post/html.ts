import { plain } from '../report/plain.js';

/** HTML that was made here, of escaped texts and fixed names alone. */
export interface Html {
  readonly html: string;
}

/** A part of a page: HTML, or a text that is escaped. */
export type Child = Html | string;

const TEXT_CHARACTERS = 2000;
const VOID: ReadonlySet<string> = new Set(['meta', 'br']);

/**
 * Makes an element. Children that are texts may be hostile: what would steer a page becomes spaces,
 * what is longer than 2,000 characters is cut, and markup is escaped. Names and values of attributes
 * are fixed words or addresses that were made here; they are escaped as well.
 */
export function element(
  name: string,
  attributes: Readonly<Record<string, string>>,
  ...children: readonly Child[]
): Html {
  const given = Object.entries(attributes).map(([key, value]) => ` ${key}="${escaped(value)}"`);
  const open = `<${name}${given.join('')}>`;
  if (VOID.has(name)) return { html: open };
  return { html: `${open}${children.map(htmlOf).join('')}</${name}>` };
}

/** Makes lines of a text that is shown as it is, such as a difference; at most `limit` of them. */
export function preformatted(text: string, limit: number): Html {
  const lines = text.trimEnd().split('\n', limit);
  return { html: `<pre>${lines.map((line) => escaped(plain(line, 1000))).join('\n')}</pre>` };
}

function htmlOf(child: Child): string {
  return typeof child === 'string' ? escaped(plain(child, TEXT_CHARACTERS)) : child.html;
}

function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}
