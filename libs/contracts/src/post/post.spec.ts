import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { explained, unexplained } from '../report/explanation.fixture.js';
import { Report } from '../report/report.js';
import {
  deployment,
  nothingToBuild,
  seedSplit,
  troubled,
  workShown,
} from '../report/report.fixture.js';
import { membersOf } from './member-review.js';
import { postMarkdown } from './post-markdown.js';
import { DISCORD_CHARACTERS, FORUM_CHARACTERS } from './post-options.js';
import { postPlain } from './post-plain.js';
import { reportHtml } from './report-html.js';

const ORIGIN = { origin: 'https://quorum.example' };
const GOLDEN: readonly { name: string; make: () => Report; member?: string }[] = [
  { name: 'seed-split', make: seedSplit },
  { name: 'work-shown', make: workShown },
  { name: 'troubled', make: troubled },
  { name: 'explained', make: explained },
  { name: 'unexplained', make: unexplained },
  { name: 'deployment', make: deployment },
  { name: 'nothing-to-build', make: nothingToBuild },
  { name: 'explained-of-alice', make: explained, member: 'alice' },
  { name: 'troubled-of-bob', make: troubled, member: 'bob' },
  { name: 'troubled-of-carol', make: troubled, member: 'carol' },
  { name: 'troubled-of-mallory', make: troubled, member: 'mallory' },
];

const golden = (file: string): string =>
  readFileSync(new URL(`../../golden/${file}`, import.meta.url), 'utf8');

describe.each(GOLDEN)('the post of $name', ({ name, make, member }) => {
  const sent = (): Report => Report.parse(JSON.parse(JSON.stringify(make())));

  test('is the golden Markdown, from JSON too', () => {
    expect(postMarkdown(make(), { ...ORIGIN, member })).toBe(golden(`post-${name}.md`));
    expect(postMarkdown(sent(), { ...ORIGIN, member })).toBe(golden(`post-${name}.md`));
  });

  test('is the golden text for a chat', () => {
    expect(postPlain(sent(), { ...ORIGIN, member })).toBe(golden(`post-${name}.txt`));
  });

  test('fits into a message of Discord, and still says what came out and where', () => {
    const text = postPlain(make(), { ...ORIGIN, member, limit: DISCORD_CHARACTERS });
    expect(text).toBe(golden(`post-${name}.discord.txt`));
    expect(text.length).toBeLessThanOrEqual(DISCORD_CHARACTERS);
    const { round, headline } = make();
    expect(text).toContain(headline);
    if (round !== null) expect(text).toContain(`https://quorum.example/rounds/${round.round}`);
  });
});

describe.each(GOLDEN.filter(({ member }) => member === undefined))(
  'the page of $name',
  ({ name, make }) => {
    test('is the golden file, one that fetches and runs nothing', () => {
      const page = reportHtml(make(), ORIGIN);
      expect(page).toBe(golden(`report-${name}.html`));
      expect(page).not.toMatch(/<(script|link|img|iframe|base|form)|\ssrc=|@import|url\(/);
      expect(page).toContain('default-src &#39;none&#39;');
    });
  },
);

/** A report of many builders, each of which got other bytes. */
function crowded(count: number): Report {
  const report = explained();
  const [builder] = report.builders;
  const [explanation] = report.explanations ?? [];
  const names = Array.from({ length: count }, (_, at) => `operator-${at}`);
  return {
    ...report,
    builders: names.flatMap((operator) =>
      builder === undefined ? [] : [{ ...builder, operator }],
    ),
    artifacts: report.artifacts.map((artifact) => ({
      ...artifact,
      clusters: names.flatMap((operator) => {
        const [cluster] = artifact.clusters;
        return cluster === undefined ? [] : [{ ...cluster, operators: [operator] }];
      }),
    })),
    explanations: names
      .slice(0, 20)
      .flatMap(() => (explanation === undefined ? [] : [explanation])),
  };
}

describe('a post', () => {
  test.each([2, 30, 100, 256])(
    'of %i builders fits where it goes, and says what is wanting',
    (count) => {
      const report = crowded(count);
      for (const member of [undefined, 'operator-1']) {
        const forum = postMarkdown(report, { ...ORIGIN, member });
        expect(forum.length).toBeLessThanOrEqual(FORUM_CHARACTERS);
        expect(forum.includes('Shortened: ')).toBe(count > 2);
        const chat = postPlain(report, { ...ORIGIN, member, limit: DISCORD_CHARACTERS });
        expect(chat.length).toBeLessThanOrEqual(DISCORD_CHARACTERS);
        expect(chat.includes('Shortened: ')).toBe(count > 2 || member !== undefined);
      }
    },
  );

  test('of a member tells whether it attested before the vote ended, and on whose word', () => {
    const at = (
      deadlineAt: string | null,
      over: Partial<Report['builders'][number]> = {},
    ): string => {
      const report = seedSplit();
      const { proposal, builders } = report;
      return postPlain(
        {
          ...report,
          proposal: proposal === null ? null : { ...proposal, deadlineAt },
          builders: builders.map((builder) => ({ ...builder, ...over })),
        },
        { ...ORIGIN, member: 'alice' },
      );
    };
    expect(at('2026-01-06T03:04:05.000Z')).toContain(
      "before the round closed at 2026-01-02T06:07:08.000Z, 3 days 20 hours before the vote's deadline",
    );
    expect(at('2026-01-02T05:30:00.000Z')).toContain(
      "by the builder's own clock, 23 minutes before the vote's deadline",
    );
    expect(at('2026-01-02T05:00:00.000Z')).toContain("6 minutes after the vote's deadline");
    expect(at('2026-01-01T03:04:05.000Z')).toContain(
      "in a round that was opened at 2026-01-02T03:04:05.000Z, 1 day after the vote's deadline",
    );
    for (const text of [
      at(null),
      at('soon'),
      at('2026-01-06T03:04:05.000Z', { commitIndex: null }),
    ]) {
      expect(text).not.toContain('deadline');
    }
  });

  test('names each operator of a round once', () => {
    expect(membersOf(seedSplit())).toEqual(['alice', 'bob', 'carol', 'dan', 'erin']);
  });

  test.each([
    'javascript:alert(1)',
    'https://evil.example/path',
    'https://a`b(c)',
    '',
    'https://a b',
  ])('with the origin %j has links without one', (origin) => {
    expect(postMarkdown(seedSplit(), { origin })).toMatch(/\]\(\/rounds\/[0-9a-f]{64}\)/);
    expect(reportHtml(seedSplit(), { origin })).toMatch(/href="\/rounds\/[0-9a-f]{64}"/);
  });
});
