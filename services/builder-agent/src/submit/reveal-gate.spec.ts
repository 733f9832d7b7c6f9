import { describe, expect, test } from 'vitest';
import type { RoundOpen } from '#libs/attestation';
import { parseCheckpoint } from '#libs/tlog';
import type { EvidenceJudgement } from './close-evidence.js';
import { closedRound, coordinator, policyOf } from './close-evidence.fixture.js';
import { decideReveal, type Gate, type GateDecision } from './reveal-gate.js';

const KEPT_AT = new Date('2026-09-10T04:00:00Z');
const afterS = (seconds: number): Date => new Date(KEPT_AT.getTime() + seconds * 1_000);

const closed = closedRound();
const ASKS_NONE: Partial<RoundOpen> = {};
const ASKS: Partial<RoundOpen> = {
  witnessing: { policy: policyOf(4, 3), fallbackSeconds: 100 },
};
const asksUnder = (policy: string): Partial<RoundOpen> => ({
  witnessing: { policy, fallbackSeconds: 100 },
});

const contradicted: EvidenceJudgement = { kind: 'contradicted', reason: 'a fork' };
const unanswered: EvidenceJudgement = { kind: 'unusable', reason: 'there is no evidence yet' };

/** What an answer with so many cosignatures leads to, and after how many seconds. */
function decide(
  more: Partial<RoundOpen>,
  answer: EvidenceJudgement | number,
  seconds: number,
): GateDecision {
  const evidence = typeof answer === 'number' ? closed.evidence(0, answer) : null;
  const text = closed.log.note().split('\n\n')[0] ?? '';
  const judgement: EvidenceJudgement =
    typeof answer === 'number'
      ? { kind: 'verified', checkpoint: parseCheckpoint(`${text}\n`), isLate: false }
      : answer;
  const gate: Gate = {
    ...{
      open: { ...closed.open, revealSeconds: 3_600, ...more },
      coordinator,
      judgement,
      evidence,
    },
    ...{ closeKeptAt: KEPT_AT, now: afterS(seconds) },
  };
  return decideReveal(gate);
}

const told = ({ kind, ...rest }: GateDecision): string =>
  'grounds' in rest ? `${kind} ${rest.grounds}` : kind;

describe('a round that asks 3 of 4 witnesses, for 100 s', () => {
  test.each<[number | EvidenceJudgement, number, string]>([
    [4, 0, 'show witnessed'],
    [3, 0, 'show witnessed'],
    [3, 1_000, 'show witnessed'],
    [2, 0, 'wait'],
    [0, 0, 'wait'],
    [2, 99.9, 'wait'],
    [2, 100, 'show fallback'],
    [0, 100, 'show fallback'],
    [0, 1e9, 'show fallback'],
    [unanswered, 0, 'wait'],
    [unanswered, 1e9, 'wait'],
    [contradicted, 0, 'withhold'],
    [contradicted, 1e9, 'withhold'],
  ])('cosigned by %j, after %d s: %s', (answer, seconds, expected) => {
    expect(told(decide(ASKS, answer, seconds))).toBe(expected);
  });

  test('waits on where the clock was set back', () => {
    expect(told(decide(ASKS, 0, -3_600))).toBe('wait');
  });
});

describe('a policy that would let two forks both be witnessed is not enough', () => {
  test.each([
    ['one of four', policyOf(4, 1), 1, 'wait'],
    ['one of four, of whom three did', policyOf(4, 1), 3, 'show witnessed'],
    ['two of three', policyOf(3, 2), 2, 'wait'],
    ['three of three', policyOf(3, 3), 3, 'show witnessed'],
    ['one of one', policyOf(1, 1), 1, 'show witnessed'],
    ['nobody', 'quorum none\n', 0, 'wait'],
    ['nothing that can be read', 'hello', 0, 'wait'],
    ['a stranger’s log', policyOf(4, 3).replace(/^log .*\n/, ''), 4, 'wait'],
  ])('%s', (_, policy, cosigners, expected) => {
    expect(told(decide(asksUnder(policy), cosigners, 0))).toBe(expected);
    // Nor does it keep the result for ever.
    expect(decide(asksUnder(policy), cosigners, 100).kind).toBe('show');
  });
});

describe('a round that asks no witnesses', () => {
  test.each<[number | EvidenceJudgement, number, string]>([
    [0, 0, 'show unwitnessed'],
    [4, 0, 'show unwitnessed'],
    [contradicted, 1e9, 'withhold'],
    [unanswered, 0, 'wait'],
    [unanswered, 60, 'wait'],
    [unanswered, 3_600, 'wait'],
    [unanswered, 1e9, 'wait'],
  ])('cosigned by %j, after %d s: %s', (answer, seconds, expected) => {
    expect(told(decide(ASKS_NONE, answer, seconds))).toBe(expected);
  });

  test('is not shown without an answer, however short its time for results is', () => {
    for (const seconds of [10, 20, 1e9]) {
      expect(told(decide({ revealSeconds: 20 }, unanswered, seconds))).toBe('wait');
    }
  });

  test('that was answered late is shown then', () => {
    expect(told(decide(ASKS_NONE, 0, 1e9))).toBe('show unwitnessed');
  });
});
