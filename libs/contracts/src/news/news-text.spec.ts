import { XMLParser } from 'fast-xml-parser';
import { describe, expect, test } from 'vitest';
import { atomFeed } from './atom.js';
import { badgeOf } from './badge.js';
import { agreedArtifacts, AT, FACTS, momentOf, ORIGIN, splitArtifacts } from './moments.fixture.js';
import { newsBetween } from './news-between.js';
import { discordMessage, newsMail, newsText, openChatText } from './news-text.js';
import type { News } from './news.js';

const OWN_TAGS =
  /<\?xml[^<>]*\?>|<\/?(feed|id|title|updated|author|name|link|entry|category|content)( [a-z]+="[^"<>]*")*\/?>/g;
const parser = new XMLParser({ ignoreAttributes: false });
const HOSTILE = `<script>alert(1)</script> @everyone [x](https://evil.example) \u202e\u0000\u001b[31m **b** \uffff\ud800 ]]> "'&`;
const split = newsBetween(null, momentOf({ phase: 'final', artifacts: splitArtifacts() }));
const link = `${ORIGIN}/rounds/${FACTS.round}`;

/** News in which everything that others write is hostile, and long. */
function hostileNews(length: number): readonly News[] {
  const word = HOSTILE.repeat(Math.ceil(length / HOSTILE.length));
  return newsBetween(
    null,
    momentOf({
      facts: {
        ...FACTS,
        release: word,
        proposal: null,
        roster: [{ operator: word, builders: [{ builder: word, publicKey: '' }] }],
      },
      phase: 'final',
      missing: [{ operator: word, builder: word }],
      artifacts: splitArtifacts().map((artifact) => ({ ...artifact, name: word })),
      headline: word,
    }),
  );
}

test('plain text has the sentence, a line for each artifact and the page', () => {
  const found = split.find(({ type }) => type === 'divergence.found');
  expect(newsText(found!, ORIGIN)).toMatchInlineSnapshot(`
    "Proposal 138000: HostOS split 1-1-1-1-1: no 3 operators agree; SetupOS split 1-1-1-1-1: no 3 operators agree.
    - HostOS: split, ce8da63b5205 by 1, e3f426ed3f24 by 1, e87aee5adeea by 1, f0ea6b364ec6 by 1
    - SetupOS: split, 5e71058d7033 by 1, ab685ef6c709 by 1, d06e0db73804 by 1, d6f9198692de by 1

    https://quorum.example/rounds/a97b0931730e83fbf9284ff00a4c5f7a4eef2189dddb89319a6dfa5871e28923
    "
  `);
});

describe('whatever others write', () => {
  const messages = [...hostileNews(1), ...hostileNews(300), ...hostileNews(100_000)];

  test.each(messages.map((news) => [news.type, news] as const))(
    'a Discord message of %s is short enough, calls nobody, and ends with the page',
    (_, news) => {
      const { content, flags, allowed_mentions } = discordMessage(news, ORIGIN);
      expect(content.length).toBeLessThanOrEqual(2000);
      expect(content.endsWith(`\n<${link}>`)).toBe(true);
      expect([flags, allowed_mentions]).toEqual([4, { parse: [] }]);
      const said = content.slice(0, -link.length - 2);
      expect(said).not.toMatch(/@everyone|https:\/\/|(?<!\\)[<>[\]*]/);
      expect(said).not.toMatch(/[\p{Cs}\u0000-\u0009\u001b\u202e]/u);
    },
  );

  test.each(messages.map((news) => [news.type, news] as const))(
    'an OpenChat message of %s is short enough and has no markup',
    (_, news) => {
      const text = openChatText(news, ORIGIN);
      expect(text.length).toBeLessThanOrEqual(2000);
      expect(text.endsWith(`\n${link}`)).toBe(true);
      expect(text.slice(0, -link.length)).not.toMatch(/@everyone|https:\/\/|[<>]|(?<!\\)[[\]*]/);
    },
  );

  test('the subject of a mail is one line', () => {
    for (const news of messages) {
      const { subject, text } = newsMail(news, ORIGIN);
      expect(subject.length).toBeLessThan(200);
      expect(subject).not.toMatch(/[\p{Cc}\p{Cf}]/u);
      expect(text).not.toMatch(/[^\P{Cc}\n]|\p{Cf}/u);
    }
  });

  test('a feed is XML, in which it is text', () => {
    // Not through our own making: what a database was altered to hold is no markup either.
    const raw = messages.slice(0, 3).map((news): News => {
      const altered = { ...news, data: { ...news.data, summary: HOSTILE } };
      return altered as News;
    });
    const feed = atomFeed({
      title: HOSTILE,
      origin: ORIGIN,
      path: '/feeds/all.atom',
      since: AT,
      news: [...messages, ...raw],
    });
    // Every bracket is one of ours.
    expect(feed.replace(OWN_TAGS, '')).not.toMatch(/[<>]/);
    expect(feed).not.toMatch(/&(?!(amp|lt|gt|quot|#39);)/);
    expect(feed).not.toMatch(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff\p{Cs}]/u);
    const parsed = parser.parse(feed) as {
      feed: { entry: { title: string; id: string; link: object }[]; title: string };
    };
    expect(parsed.feed.entry).toHaveLength(messages.length + 3);
    expect(Object.keys(parsed.feed.entry[0]!)).toEqual([
      ...['id', 'title', 'updated', 'link', 'category', 'content'],
    ]);
    expect(parsed.feed.title).toContain('<script>alert(1)</script>');
    expect(parsed.feed.entry[0]!.link).toMatchObject({ '@_href': link });
  });
});

test('an empty feed is a feed', () => {
  const feed = atomFeed({ title: 't', origin: ORIGIN, path: '/f', since: AT, news: [] });
  expect(parser.parse(feed)).toMatchObject({ feed: { title: 't' } });
  expect(feed).toContain(`<updated>${AT}</updated>`);
});

test.each([
  ['no round', null, 'no round', 'lightgrey'],
  ['an open round', { phase: 'open', artifacts: [] }, 'building', 'blue'],
  ['an experiment', { phase: 'final', artifacts: [] }, 'no verdict', 'lightgrey'],
  [
    'what the proposal elects, whatever else differs',
    { phase: 'final', artifacts: splitArtifacts() },
    'reproduced by 5 of 5',
    'brightgreen',
  ],
  [
    'a split of what nobody elects',
    { phase: 'final', artifacts: splitArtifacts().filter(({ elected }) => !elected) },
    'split 1-1-1-1-1',
    'orange',
  ],
  [
    'what nobody elects, and all got alike',
    { phase: 'final', artifacts: agreedArtifacts().filter(({ elected }) => !elected) },
    'reproduced by 5 of 5',
    'brightgreen',
  ],
] as const)('a badge says of %s: %s', (_, facts, message, color) => {
  const given = facts === null ? null : { ...facts, asked: 5 };
  expect(badgeOf(given)).toEqual({ schemaVersion: 1, label: 'IC-OS build', message, color });
});
