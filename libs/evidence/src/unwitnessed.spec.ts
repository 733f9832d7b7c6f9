import { describe, expect, test } from 'vitest';
import { audit, codesOf, policyOf } from './audit.fixture.js';
import { readAuditor } from './auditor.js';
import { fiveHands, HandRound, type Hand } from './bundle.fixture.js';
import { MemoryLog, WITNESS_POLICY } from './log.fixture.js';

const hands = fiveHands();
const strict = policyOf(hands, { refuseWeaklyWitnessed: true });

/** A round with this policy of witnesses, whose reveals hold what `noteOf` says. */
function playedBy(
  policy: string | null,
  noteOf: (log: MemoryLog, hand: Hand) => string,
): HandRound {
  const witnessing = policy === null ? null : { policy, fallbackSeconds: 3600 };
  const round = new HandRound(new MemoryLog(), hands, { witnessing });
  for (const hand of hands) round.commit(hand);
  round.close();
  for (const hand of hands) round.reveal(hand, noteOf(round.log, hand));
  round.decide();
  return round;
}

describe('an auditor who refuses what was weakly witnessed', () => {
  const asksNone = WITNESS_POLICY.replace(/quorum .*/, 'quorum none');

  test.each([
    ['names no witnesses', null],
    ['lists witnesses and asks for none', asksNone],
  ])('is not satisfied by a round that %s', async (_, policy) => {
    const round = playedBy(policy, (log) => log.note(0));
    expect((await audit(round.bundle(), strict)).outcome).toBe('undecided');
  });

  test('goes by its own witnesses where it names some, whatever the round asks for', async () => {
    const own = { ...strict, witnesses: WITNESS_POLICY };
    const outcomes = [0, 2, 3].map(async (cosigned) => {
      const round = playedBy(null, (log) => log.note(cosigned));
      return (await audit(round.bundle(), own)).outcome;
    });
    expect(await Promise.all(outcomes)).toEqual(['undecided', 'undecided', 'satisfied']);
  });

  test('need not name the log’s key a second time among its witnesses', async () => {
    const own = { ...strict, witnesses: WITNESS_POLICY.replace(/^log .*\n/m, '') };
    const outcomes = [2, 3].map(async (cosigned) => {
      const round = playedBy(WITNESS_POLICY, (log) => log.note(cosigned));
      return (await audit(round.bundle(), own)).outcome;
    });
    expect(await Promise.all(outcomes)).toEqual(['undecided', 'satisfied']);
  });

  test.each([
    ['group enough 2 w1 w2', 'counts 2 of 4 witnesses'],
    ['group enough 2 w1 w2 w3 w4', 'reached by 2 of 4 witnesses: with fewer than 3'],
  ])('is told that two forks could both satisfy "%s"', (group, why) => {
    const witnesses = WITNESS_POLICY.replace(/^group .*$/m, group);
    expect(() => readAuditor({ ...strict, witnesses })).toThrow(why);
    expect(readAuditor({ ...policyOf(hands), witnesses }).needed).toBeGreaterThan(0);
  });
});

test('a reveal whose checkpoint nobody can read costs its builder’s word, and not the bundle', async () => {
  const round = playedBy(WITNESS_POLICY, (log, hand) => {
    return hand === hands[4] ? 'trust me\n' : log.note();
  });
  const found = await audit(round.bundle());
  expect([found.outcome, codesOf(found)]).toEqual(['satisfied', ['reveal-unsound']]);
  expect(found.artifacts[0]?.flags).toContain('weakly-witnessed');
});

describe('a round that says it was opened an hour ago', () => {
  // Witnesses of the fixtures cosigned on 2 January 2026 at 05:00.
  const openedAt = '2026-01-05T03:00:00.000Z';
  const at = new Date('2026-01-05T04:00:00.000Z');
  const ofThen = '2026-01-02T04:00:00.000Z';
  const bundle = new HandRound(new MemoryLog(), hands, { openedAt }).play().bundle();

  test.each([
    ['is believed by who knows no witnesses', {}, true],
    ['is as old as its witnesses say', { witnesses: WITNESS_POLICY }, false],
  ])('%s', async (_, known, isYoung) => {
    const policy = policyOf(hands, { maxAgeHours: 24, ...known });
    const { rules } = await audit(bundle, policy, { at });
    expect(rules.find(({ rule }) => rule === 'age')?.isKept).toBe(isYoung);
  });

  test('is no older for witnesses whose clocks are ahead of the auditor’s', async () => {
    const then = new HandRound(new MemoryLog(), hands, { openedAt: ofThen }).play().bundle();
    const policy = policyOf(hands, { maxAgeHours: 24, witnesses: WITNESS_POLICY });
    const audited = new Date('2026-01-02T04:59:58.000Z');
    const { rules } = await audit(then, policy, { at: audited });
    expect(rules.find(({ rule }) => rule === 'age')?.isKept).toBe(true);
  });
});
