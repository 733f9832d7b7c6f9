import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sha256 } from '#libs/encoding';
import { ARTIFACT, built } from './ballot.fixture.js';
import type { Claim } from './claim.js';
import { ConsensusError } from './error.js';
import { OPENED, applyEntry, standingsOf, type RoundEntry, type RoundState } from './round.js';

const BUILDERS = ['a', 'b', 'c'];

const builderArb = fc.constantFrom(...BUILDERS);
const valueArb = fc.constantFrom('x', 'y');
const claimOf = (builder: string, value: string): Claim =>
  built(builder, { [ARTIFACT]: sha256(value) });
const commitmentOf = (builder: string, value: string): string => sha256(`${builder} ${value}`);

/** Anything that may reach the log, in any order, well-behaved or not. */
const entryArb: fc.Arbitrary<RoundEntry> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.tuple(builderArb, valueArb).map(([builder, value]): RoundEntry => ({
      kind: 'commit',
      builder,
      commitment: commitmentOf(builder, value),
    })),
  },
  {
    weight: 6,
    arbitrary: fc
      .tuple(
        builderArb,
        valueArb,
        fc.oneof({ weight: 9, arbitrary: fc.constant(null) }, builderArb),
      )
      .map(([builder, value, stolenFrom]): RoundEntry => ({
        kind: 'reveal',
        commitment: commitmentOf(stolenFrom ?? builder, value),
        claim: claimOf(builder, value),
      })),
  },
  {
    weight: 3,
    arbitrary: builderArb.map((builder): RoundEntry => ({ kind: 'decline', builder })),
  },
  { weight: 2, arbitrary: fc.constant<RoundEntry>({ kind: 'close' }) },
  { weight: 1, arbitrary: fc.constant<RoundEntry>({ kind: 'verdict' }) },
);
const logArb = fc.array(entryArb, { maxLength: 24 });

/** Leaves out what the table forbids: it never enters a log. */
function logged(entries: readonly RoundEntry[]): readonly RoundEntry[] {
  return entries.filter((entry, at) => {
    try {
      applyEntry(fold(entries.slice(0, at)), entry);
      return true;
    } catch {
      return false;
    }
  });
}

/** Applies what the table allows. */
function fold(entries: readonly RoundEntry[], from: RoundState = OPENED): RoundState {
  return entries.reduce((state, entry) => {
    try {
      return applyEntry(state, entry);
    } catch (error) {
      if (error instanceof ConsensusError) return state;
      throw error;
    }
  }, from);
}

/** The same in one look at the whole list: where the close and the verdict stand decides all. */
function model(entries: readonly RoundEntry[]): RoundState {
  const closeAt = entries.findIndex(({ kind }) => kind === 'close');
  const end = entries.length;
  const closed = closeAt < 0 ? end : closeAt;
  const decidedAt = entries.findIndex(({ kind }, at) => kind === 'verdict' && at > closed);
  const decided = decidedAt < 0 ? end : decidedAt;
  const commits = new Map<string, string>();
  const declined = new Set<string>();
  const late = new Set<string>();
  const claims = new Map<string, Claim>();
  for (const builder of BUILDERS) {
    const own = entries.flatMap((entry, at) =>
      entry.kind === 'commit' && entry.builder === builder ? [{ ...entry, at }] : [],
    );
    const first = own.find(({ at }) => at < closed);
    const declines = entries.some(
      (entry, at) => entry.kind === 'decline' && entry.builder === builder && at < closed,
    );
    if (declines && first === undefined) declined.add(builder);
    if (first !== undefined) commits.set(builder, first.commitment);
    else if (own.some(({ at }) => at < decided)) late.add(builder);
    const revealed = entries.find(
      (entry, at) =>
        entry.kind === 'reveal' &&
        entry.claim.builder === builder &&
        entry.commitment === first?.commitment &&
        at > closed &&
        at < decided,
    );
    if (revealed?.kind === 'reveal') claims.set(builder, revealed.claim);
  }
  const phase = decidedAt >= 0 ? 'final' : closeAt >= 0 ? 'revealing' : 'open';
  return { phase, isBlind: true, commits, declined, late, claims };
}

describe('the fold over a round’s log', () => {
  test('gives what one look at the whole list gives', () => {
    fc.assert(
      fc.property(logArb, (entries) => {
        expect(fold(entries)).toEqual(model(entries));
      }),
      { numRuns: 1000 },
    );
  });

  test('does not change by an entry that comes again at any time later', () => {
    fc.assert(
      fc.property(logArb, fc.nat(), fc.nat(), (entries, from, gap) => {
        const log = logged(entries);
        fc.pre(log.length > 0);
        const at = from % log.length;
        const later = at + 1 + (gap % (log.length - at));
        expect(fold(log.toSpliced(later, 0, log[at]!))).toEqual(fold(log));
      }),
      { numRuns: 500 },
    );
  });

  test('stands still after the verdict, whatever comes', () => {
    fc.assert(
      fc.property(logArb, logArb, (entries, after) => {
        const decided = fold([...entries, { kind: 'close' }, { kind: 'verdict' }]);
        expect(fold(after, decided)).toEqual(decided);
      }),
      { numRuns: 500 },
    );
  });

  test('does not depend on the order of different builders’ commits, nor of their reveals', () => {
    const orders = fc.shuffledSubarray(BUILDERS, { minLength: BUILDERS.length });
    fc.assert(
      fc.property(orders, orders, (committing, revealing) => {
        const log = (commits: readonly string[], reveals: readonly string[]): RoundState =>
          fold([
            ...commits.map((builder): RoundEntry => ({
              kind: 'commit',
              builder,
              commitment: commitmentOf(builder, 'x'),
            })),
            { kind: 'close' },
            ...reveals.map((builder): RoundEntry => ({
              kind: 'reveal',
              commitment: commitmentOf(builder, 'x'),
              claim: claimOf(builder, 'x'),
            })),
            { kind: 'verdict' },
          ]);
        expect(log(committing, revealing)).toEqual(log(BUILDERS, BUILDERS));
      }),
    );
  });

  test('loses only what is lost: without a builder’s entries all others stand as they stood', () => {
    fc.assert(
      fc.property(logArb, builderArb, (entries, lost) => {
        const kept = entries.filter((entry) => {
          if (entry.kind === 'commit') return entry.builder !== lost;
          return entry.kind !== 'reveal' || entry.claim.builder !== lost;
        });
        const others = BUILDERS.filter((builder) => builder !== lost);
        expect(standingsOf(fold(kept), others)).toEqual(standingsOf(fold(entries), others));
      }),
    );
  });

  test('never counts a claim without its builder’s commit before the close', () => {
    fc.assert(
      fc.property(logArb, (entries) => {
        const { phase, claims, commits, late } = fold(entries);
        for (const builder of claims.keys()) expect(commits.has(builder)).toBe(true);
        for (const builder of late) expect(commits.has(builder)).toBe(false);
        if (phase === 'open') expect(claims.size).toBe(0);
      }),
    );
  });
});
