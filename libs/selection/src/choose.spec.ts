import { describe, expect, test } from 'vitest';
import type { Ask } from './ask.js';
import type { Candidate } from './candidate.js';
import { candidate, NOON } from './candidate.fixture.js';
import { choose, type Choice } from './choose.js';

const names = (choice: Choice): string[] =>
  choice.kind === 'chosen' ? choice.taken.map(({ builder }) => builder) : ['unmet'];
const reasonOf = ({ left }: Choice, builder: string): string =>
  left.find((one) => one.builder === builder)?.reason ?? 'not left';
const GIB = 1024 ** 3;

const bare = candidate('bare');
const kvm = candidate('kvm', { facts: { virtualisation: 'kvm' } });
const vmware = candidate('vmware', { facts: { virtualisation: 'vmware' } });
const ASK: Ask = {
  operators: 3,
  atLeast: [{ count: 1, where: { virtualisation: 'none' } }],
  distinct: [{ fact: 'hypervisor', count: 2 }],
};

describe('a choice', () => {
  test('meets counts, conditions and diversity with as few as can', () => {
    const more = [candidate('bare2'), candidate('kvm2', { facts: { virtualisation: 'kvm' } })];
    const choice = choose([...more, bare, kvm, vmware], ASK, NOON);
    expect(names(choice)).toHaveLength(3);
    expect(names(choice)).toContain('vmware');
  });

  test('tells of each builder for what it counts', () => {
    const choice = choose([bare, kvm, vmware], ASK, NOON);
    expect(choice).toMatchObject({ kind: 'chosen', left: [], unmet: [] });
    const reasons = choice.kind === 'chosen' ? choice.taken.map(({ reason }) => reason) : [];
    expect(reasons).toEqual([
      'counts for operators=3, virtualisation:none>=1',
      'counts for operators=3, distinct hypervisor>=2',
      'counts for operators=3, distinct hypervisor>=2',
    ]);
  });

  test('says exactly which demands cannot be met, and what would meet them', () => {
    const choice = choose([bare, kvm], ASK, NOON);
    expect(choice).toMatchObject({
      kind: 'unmet',
      unmet: [
        { demand: 'operators=3', need: 3, have: 2, wants: '1 more operator' },
        {
          ...{ demand: 'distinct hypervisor>=2', need: 2, have: 1 },
          wants: '1 more with another hypervisor',
        },
      ],
    });
  });

  test('goes as far as it can where that is asked, and still tells what is wanting', () => {
    const choice = choose([bare, kvm], ASK, { ...NOON, asFarAsPossible: true });
    expect(names(choice)).toEqual(['bare', 'kvm']);
    expect(choice.kind === 'chosen' && choice.unmet).toHaveLength(2);
  });

  test('counts who is invited already, and takes only who is missing beside them', () => {
    const choice = choose([bare, kvm, vmware], ASK, { ...NOON, kept: [bare, kvm] });
    expect(names(choice)).toEqual(['vmware']);
    expect(names(choose([vmware], ASK, { ...NOON, kept: [bare, kvm, vmware] }))).toEqual([]);
  });

  test('takes two builders of one operator only where nobody else meets the demand', () => {
    const twin = candidate('twin', { operator: 'bare' });
    expect(names(choose([bare, twin, kvm], { operators: 2 }, NOON))).toContain('kvm');
    expect(names(choose([bare, twin], { builders: 2 }, NOON))).toEqual(['bare', 'twin']);
    expect(names(choose([bare, twin], { operators: 2 }, NOON))).toEqual(['unmet']);
  });
});

describe('of builders that do equally well it takes', () => {
  test.each<[string, Candidate, Candidate, string]>([
    [
      'the calibrated one',
      candidate('a', { calibration: 'passed', lastInvitedAt: 9 }),
      candidate('b'),
      'is not needed: it is not calibrated, and others are',
    ],
    [
      'one that was never measured before one that built other bytes',
      candidate('a'),
      candidate('b', { calibration: 'suspect' }),
      'is not needed: its calibration gave other bytes',
    ],
    [
      'one that was never measured before one that could not build',
      candidate('a'),
      candidate('b', { calibration: 'failed' }),
      'is not needed: its calibration did not build',
    ],
    [
      'the one that was asked longest ago',
      candidate('a', { lastInvitedAt: 1 }),
      candidate('b', { lastInvitedAt: 2 }),
      'is not needed: it was asked more recently',
    ],
    [
      'the one with a free slot',
      candidate('a', { lastInvitedAt: 2 }),
      candidate('b', { lastInvitedAt: 1, isBusy: true }),
      'is not needed: it is building something else',
    ],
    [
      'the one whose hours begin first',
      candidate('a', { lastInvitedAt: 2 }),
      candidate('b', {
        facts: { exclusiveHours: { from: '20:00', to: '06:00', timeZone: 'UTC' } },
      }),
      'is not needed: its hours begin later',
    ],
  ])('%s', (_which, first, second, why) => {
    const choice = choose([second, first], { builders: 1 }, NOON);
    expect(names(choice)).toEqual(['a']);
    expect(reasonOf(choice, 'b')).toBe(why);
  });

  test('whom the round’s own chance names, so that nobody can count on it', () => {
    const many = Array.from({ length: 20 }, (_, at) => candidate(`b${at}`));
    const seeds = Array.from({ length: 40 }, (_, at) => `${at}`);
    const taken = seeds.map((seed) => names(choose(many, { builders: 1 }, { ...NOON, seed }))[0]);
    expect(new Set(taken).size).toBeGreaterThan(10);
  });
});

describe('a builder is left out that', () => {
  test.each<[string, Candidate, Ask['each'], string]>([
    ['is away', candidate('x', { presence: 'away' }), {}, 'has not been heard of lately'],
    [
      'has too little memory',
      candidate('x', { facts: { ramBytes: 8 * GIB } }),
      { ramBytes: 16 * GIB },
      'has 8 GiB of memory where 16 GiB are asked',
    ],
    [
      'has too little disk',
      candidate('x', { facts: { diskBytes: 99.5 * GIB } }),
      { diskBytes: 200 * GIB },
      'has 99.5 GiB of disk where 200 GiB are asked',
    ],
    ['cannot build the era', candidate('x'), { era: '2024-01' }, 'is not era:2024-01'],
    ['lacks a tag', candidate('x', { tags: ['eu'] }), { tags: ['eu', 'ssd'] }, 'is not tag:ssd'],
    [
      'tells nothing of itself',
      { ...candidate('x'), facts: null },
      { ramBytes: 1 },
      'does not tell how much memory and disk it has',
    ],
    [
      'is in a zone that nobody knows',
      candidate('x', {
        facts: { exclusiveHours: { from: '20:00', to: '06:00', timeZone: 'Mars/Olympus' } },
      }),
      {},
      'has hours in a time zone that is not known here',
    ],
  ])('%s', (_what, one, each, why) => {
    const able = candidate('bare', {
      tags: ['eu', 'ssd'],
      facts: { eras: ['2025-11', '2024-01'] },
    });
    const choice = choose([one, able], { builders: 1, each }, NOON);
    expect(names(choice)).toEqual(['bare']);
    expect(reasonOf(choice, 'x')).toBe(why);
  });

  test('has no hours before the round ends', () => {
    const facts = { exclusiveHours: { from: '20:00', to: '06:00', timeZone: 'UTC' } };
    const night = candidate('night', { facts });
    const short = { ...NOON, until: NOON.at + 3_600_000 };
    expect(names(choose([night], { builders: 1 }, short))).toEqual(['unmet']);
    expect(names(choose([night], { builders: 1 }, NOON))).toEqual(['night']);
  });
});
