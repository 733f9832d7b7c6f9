import { describe, expect, test } from 'vitest';
import { explained } from '../report/explanation.fixture.js';
import { expectHarmless, HOSTILE, marksOf, poisoned } from '../report/hostile.fixture.js';
import type { Report } from '../report/report.js';
import { troubled } from '../report/report.fixture.js';
import { postMarkdown } from './post-markdown.js';
import { DISCORD_CHARACTERS } from './post-options.js';
import { postPlain } from './post-plain.js';
import { reportHtml } from './report-html.js';

const ORIGIN = 'https://quorum.example';
const REPORTS = [troubled(), explained()];

/** The posts of a report, also of the member whose name may be the hostile one. */
function postsOf(report: Report): readonly { readonly forum: string; readonly chat: string }[] {
  const members = [undefined, report.builders.at(-1)?.operator];
  return members.map((member) => ({
    forum: postMarkdown(report, { origin: ORIGIN, member }),
    chat: postPlain(report, { origin: ORIGIN, member }),
  }));
}

/** A post without what it links itself. */
function withoutLinks(post: string): string {
  return post.replaceAll(/https:\/\/quorum\.example[\w/]*/g, 'LINK');
}

/** What a page consists of: its tags, one after the other. */
function tagsOf(page: string): readonly string[] {
  return [...page.matchAll(/<[^>]*>/g)].map(([tag]) => tag.replace(/href="[^"]*"/, 'href'));
}

/** What posts and pages consist of where a harmless word stands in one of the report's fields. */
const harmless = REPORTS.map((report) => {
  const shapes = new Map(poisoned(report, 'word'));
  return new Map(
    [...shapes].map(([path, some]) => [
      path,
      {
        marks: postsOf(some).map(({ forum }) => marksOf(forum)),
        tags: tagsOf(reportHtml(some, { origin: ORIGIN })),
      },
    ]),
  );
});

/** The same of a report that has no field for a word there. */
const plainly = REPORTS.map((report) => ({
  marks: postsOf(report).map(({ forum }) => marksOf(forum)),
  tags: tagsOf(reportHtml(report, { origin: ORIGIN })),
}));

describe.each(HOSTILE)('%s in any field of a report', (_what, text) => {
  test('is nothing but a text in posts and pages: it marks, mentions, links and hides nothing', () => {
    for (const [at, report] of REPORTS.entries()) {
      for (const [path, hostile] of poisoned(report, text)) {
        const expected = harmless[at]?.get(path) ?? plainly[at];
        const posts = postsOf(hostile);
        expect([path, posts.map(({ forum }) => marksOf(forum))]).toEqual([path, expected?.marks]);
        for (const { forum, chat } of posts) {
          expectHarmless(path, withoutLinks(forum));
          expectChat(path, withoutLinks(chat));
        }
        const page = reportHtml(hostile, { origin: ORIGIN });
        expect([path, tagsOf(page)]).toEqual([path, expected?.tags]);
        expect([path, /(?!\n)\p{Cc}|[\p{Cf}\p{Cs}]/u.test(page)]).toEqual([path, false]);
        expect(page.length).toBeLessThan(100_000);
        expectShort(hostile);
      }
    }
  });
});

function expectChat(path: string, chat: string): void {
  expect([path, /(?!\n)\p{Cc}|(?!\u200b)\p{Cf}|[\p{Cs}\p{Zl}\p{Zp}]/u.test(chat)]).toEqual([
    path,
    false,
  ]);
  expect([path, /[`*~|<>[\]\\]|@\w|:\/\/|www\.\w/i.test(chat)]).toEqual([path, false]);
  expect(chat.length).toBeLessThan(20_000);
}

function expectShort(report: Report): void {
  for (const member of [undefined, report.builders.at(-1)?.operator]) {
    const text = postPlain(report, { origin: ORIGIN, member, limit: DISCORD_CHARACTERS });
    expect(text.length).toBeLessThanOrEqual(DISCORD_CHARACTERS);
  }
}
