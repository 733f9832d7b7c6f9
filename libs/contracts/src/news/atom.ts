import { linkOf, newsText } from './news-text.js';
import { newsIdOf, type News } from './news.js';

/** A feed of news, newest first. */
export interface AtomFeed {
  readonly title: string;
  /** Address that readers use, without a path. */
  readonly origin: string;
  /** Path of the feed itself. */
  readonly path: string;
  /** When there is no news yet: since when there could be. */
  readonly since: string;
  readonly news: readonly News[];
}

/** Names news wherever they are read; never fetched. */
const ENTRY_BASE = 'https://repro-quorum.dev/ns/news';
/** What XML 1.0 cannot hold, even escaped. */
const NOT_XML = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu;
const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/**
 * Writes a feed. Deterministic: the same news give the same bytes.
 *
 * Source: RFC 4287
 */
export function atomFeed({ title, origin, path, since, news }: AtomFeed): string {
  const self = `${origin}${path}`;
  return [
    '<?xml version="1.0" encoding="utf-8"?>',
    '<feed xmlns="http://www.w3.org/2005/Atom">',
    `<id>${xml(self)}</id>`,
    `<title>${xml(title)}</title>`,
    `<updated>${xml(latest(news) ?? since)}</updated>`,
    '<author><name>repro-quorum</name></author>',
    `<link rel="self" type="application/atom+xml" href="${xml(self)}"/>`,
    `<link rel="alternate" type="text/html" href="${xml(origin)}/"/>`,
    ...news.map((each) => entry(each, origin)),
    '</feed>',
    '',
  ].join('\n');
}

function entry(news: News, origin: string): string {
  return [
    '<entry>',
    `<id>${ENTRY_BASE}/${xml(newsIdOf(news))}</id>`,
    `<title>${xml(news.data.summary)}</title>`,
    `<updated>${xml(news.timestamp)}</updated>`,
    `<link rel="alternate" type="text/html" href="${xml(linkOf(news, origin))}"/>`,
    `<category term="${xml(news.type)}"/>`,
    `<content type="text">${xml(newsText(news, origin))}</content>`,
    '</entry>',
  ].join('\n');
}

function latest(news: readonly News[]): string | undefined {
  return news
    .map(({ timestamp }) => timestamp)
    .toSorted()
    .at(-1);
}

/** Writes a text so that it is text and nothing else, in an element and in an attribute. */
function xml(text: string): string {
  return text
    .toWellFormed()
    .replace(NOT_XML, ' ')
    .replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
}
