import { describe, expect, test } from 'vitest';
import { sha256 } from '#libs/encoding';
import { AT, FACTS, momentOf, agreedArtifacts, splitArtifacts } from './moments.fixture.js';
import { newsBetween } from './news-between.js';
import { newsByClock, type WatchedProposal } from './news-by-clock.js';
import { NEWS_KINDS } from './news-kind.js';
import { News, newsIdOf, newsPath, threadOf } from './news.js';
import { audienceOf } from './round-moment.js';
import { wantsNews } from './subscription.js';

const open = momentOf();
const missing = [{ operator: 'erin', builder: 'erin-aaaaa-bbbbb-ccccc' }];
const revealing = momentOf({ phase: 'revealing', missing });
const agreed = momentOf({ phase: 'final', missing, artifacts: agreedArtifacts() });
const split = momentOf({ phase: 'final', missing, artifacts: splitArtifacts() });

const kinds = (news: readonly News[]) => news.map(({ type }) => type);

describe('of a round', () => {
  test('it is news that it was opened, closed without somebody, and decided, each once', () => {
    expect(kinds(newsBetween(null, open))).toEqual(['round.opened']);
    expect(kinds(newsBetween(open, revealing))).toEqual(['builder.late']);
    expect(kinds(newsBetween(revealing, agreed))).toEqual(['verdict.reached']);
    expect(newsBetween(open, open)).toEqual([]);
    expect(newsBetween(agreed, agreed)).toEqual([]);
  });

  test('all of it is told in order when nothing was told before', () => {
    expect(kinds(newsBetween(null, split))).toEqual([
      ...['round.opened', 'builder.late', 'verdict.reached', 'divergence.found'],
    ]);
  });

  test('a divergence is told of the artifacts that differ alone', () => {
    const found = newsBetween(revealing, split).find(({ type }) => type === 'divergence.found');
    expect(found?.data).toMatchObject({
      artifacts: [{ name: 'hostos/update-img' }, { name: 'setupos/disk-img' }],
      summary: expect.stringContaining('HostOS split 1-1-1-1-1') as unknown,
    });
  });

  test('a verdict is a changed one where the round before said otherwise, and not where it said the same', () => {
    const round = sha256('earlier round');
    const proposals = ['138000', '138010'];
    const after = { ...split, proposals };
    const otherwise = { ...after, before: { round, artifacts: agreedArtifacts() } };
    const changed = newsBetween(revealing, otherwise).find(
      ({ type }) => type === 'verdict.changed',
    );
    expect(changed?.data).toMatchObject({ before: { round }, proposals });
    expect(changed?.data.summary).toContain('HostOS reproduced before, split now');
    const alike = { ...after, before: { round, artifacts: splitArtifacts() } };
    expect(kinds(newsBetween(revealing, alike))).not.toContain('verdict.changed');
  });
});

describe('by the clock', () => {
  const now = new Date(AT);
  const watched: WatchedProposal = {
    proposal: { id: '1', title: 'title', deadlineAt: '2026-01-02T09:00:00.000Z' },
    release: FACTS.release,
    round: FACTS.round,
    state: 'open',
  };
  const clock = (proposal: Partial<WatchedProposal>, nearHours = 12) =>
    newsByClock(
      { rounds: [], proposals: [{ ...watched, ...proposal }], nearMs: nearHours * 3_600_000 },
      now,
    );

  test('a deadline is news once it is near, and nothing is decided', () => {
    expect(kinds(clock({}))).toEqual(['deadline.near']);
    expect(kinds(clock({ state: 'undecided' }))).toEqual(['deadline.near']);
    expect(clock({}, 1)).toEqual([]);
    expect(clock({ state: 'decided' })).toEqual([]);
    const over = { ...watched.proposal, deadlineAt: AT };
    expect(clock({ proposal: over })).toEqual([]);
  });

  test('a builder has vanished from its moment on, and not before', () => {
    const at = now.getTime();
    const waiting = [
      { operator: 'alice', builder: 'a', vanishesAtMs: at },
      { operator: 'bob', builder: 'b', vanishesAtMs: at + 1 },
    ];
    const news = newsByClock(
      { rounds: [{ facts: FACTS, waiting }], proposals: [], nearMs: 0 },
      now,
    );
    expect(news.map(({ type, data }) => [type, data])).toMatchObject([
      ['builder.vanished', { operator: 'alice', builder: 'a' }],
    ]);
  });

  test('what is told later of the same has the same id', () => {
    const later = new Date(now.getTime() + 60_000);
    const proposals = [watched];
    const [first] = newsByClock({ rounds: [], proposals, nearMs: 43_200_000 }, now);
    const [second] = newsByClock({ rounds: [], proposals, nearMs: 43_200_000 }, later);
    expect(newsIdOf(second!)).toBe(newsIdOf(first!));
  });
});

const all = [
  ...newsBetween(null, { ...split, before: { round: sha256('b'), artifacts: agreedArtifacts() } }),
  ...newsByClock(
    {
      rounds: [{ facts: FACTS, waiting: [{ operator: 'a', builder: 'b', vanishesAtMs: 0 }] }],
      proposals: [
        {
          proposal: { id: '1', title: 't', deadlineAt: '2026-01-02T09:00:00.000Z' },
          ...{ release: null, round: null, state: 'no-round' },
        },
      ],
      nearMs: 86_400_000,
    },
    new Date(AT),
  ),
];

test('every kind fits its schema, has an id of its own, a page and a thread', () => {
  expect(kinds(all).toSorted()).toEqual([...NEWS_KINDS].toSorted());
  for (const news of all) {
    expect(News.parse(JSON.parse(JSON.stringify(news)))).toEqual(news);
    expect(newsIdOf(news)).toMatch(/^msg_[0-9a-f]{40}$/);
    expect(newsPath(news)).toMatch(/^\/(rounds\/[0-9a-f]{64}|proposals\/1)$/);
    expect(threadOf(news)).toBe(news.data.round ?? 'proposal/1');
  }
  expect(new Set(all.map(newsIdOf)).size).toBe(all.length);
});

describe('rules', () => {
  const [, late, verdict] = newsBetween(null, split);
  test.each([
    ['without any, everything', {}, true, true],
    ['by kind, those kinds alone', { kinds: ['verdict.reached'] as const }, false, true],
    [
      'by operator, who is late and the rounds it was asked in',
      { operators: ['erin'] },
      true,
      true,
    ],
    ['by operator, not who else is late', { operators: ['alice'] }, false, true],
    ['by builder, the same', { builders: ['erin-aaaaa-bbbbb-ccccc'] }, true, true],
    ['by a stranger, nothing', { operators: ['mallory'] }, false, false],
    ['by a group that holds the round, all of it', { group: 'north' }, true, true],
    ['by another group, nothing', { group: 'south' }, false, false],
  ])('%s', (_, rules, ofLate, ofVerdict) => {
    const given = 'kinds' in rules ? { kinds: [...rules.kinds] } : rules;
    expect(wantsNews(given, late!, audienceOf(FACTS))).toBe(ofLate);
    expect(wantsNews(given, verdict!, audienceOf(FACTS))).toBe(ofVerdict);
  });
});
