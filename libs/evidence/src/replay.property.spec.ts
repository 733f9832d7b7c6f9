import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  commitmentOf,
  commitStatement,
  resultStatement,
  roundCloseStatement,
  signStatement,
  verdictStatement,
  type Envelope,
} from '#libs/attestation';
import {
  applyEntry,
  ConsensusError,
  OPENED,
  standingsOf,
  type RoundEntry,
  type RoundState,
} from '#libs/consensus';
import { claimOf } from '#libs/contracts';
import { sha256 } from '#libs/encoding';
import { fiveHands, HandRound, resultOf, type Hand } from './bundle.fixture.js';
import { countReplay } from './count-replay.js';
import { COORDINATOR, MemoryLog, ORIGIN } from './log.fixture.js';
import { isVerdictTrue } from './recompute-verdict.js';

const HANDS = fiveHands().slice(0, 3);
const ROUND = new HandRound(new MemoryLog(), HANDS).round;

/** Something that reaches the log, well-behaved or not. */
type Step =
  | { readonly kind: 'commit' | 'result'; readonly hand: Hand; readonly envelope: Envelope }
  | { readonly kind: 'decline'; readonly hand: Hand }
  | { readonly kind: 'close' }
  | { readonly kind: 'verdict' };

const handArb = fc.constantFrom(...HANDS);
const variantArb = fc.constantFrom('good', 'other');

/** What each hand may commit to and show, signed once. */
const signed = new Map<string, { readonly commit: Envelope; readonly result: Envelope }>();
for (const hand of HANDS) {
  for (const variant of ['good', 'other']) {
    const statement = resultStatement(resultOf({ ...hand, variant }, ROUND));
    const result = signStatement(statement, hand.signer);
    const commit = { round: ROUND, builder: hand.signer.id, commitment: commitmentOf(result) };
    signed.set(`${hand.operator} ${variant}`, {
      result,
      commit: signStatement(commitStatement(commit), hand.signer),
    });
  }
}

const stepArb: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc
      .tuple(fc.constantFrom('commit' as const, 'result' as const), handArb, variantArb)
      .map(([kind, hand, variant]): Step => {
        const both = signed.get(`${hand.operator} ${variant}`)!;
        return { kind, hand, envelope: both[kind] };
      }),
  },
  { weight: 2, arbitrary: handArb.map((hand): Step => ({ kind: 'decline', hand })) },
  { weight: 1, arbitrary: fc.constant<Step>({ kind: 'close' }) },
  { weight: 1, arbitrary: fc.constant<Step>({ kind: 'verdict' }) },
);

const CLOSE = roundCloseStatement({
  ...{ round: ROUND, closedAt: '2026-01-02T06:00:00.000Z', reason: 'requested' },
});
const VERDICT = verdictStatement({
  ...{ coordinatorKeyId: COORDINATOR.keyId, version: '0.1.0', round: ROUND, policySha256: ROUND },
  ...{ decidedAt: '2026-01-02T06:10:00.000Z', releaseName: 'ic/x', isPassed: false },
  ...{ needed: 2, eligible: 3, inputs: [], artifacts: [] },
  subject: [{ name: 'x', digest: { sha256: sha256('x') } }],
});

/** The same steps by the rules as the coordinator applies them, one at a time. */
function counted(steps: readonly Step[]): RoundState {
  return steps.reduce((state, step) => {
    try {
      return applyEntry(state, entryOf(step));
    } catch (error) {
      if (error instanceof ConsensusError) return state;
      throw error;
    }
  }, OPENED);
}

function entryOf(step: Step): RoundEntry {
  if (step.kind === 'close' || step.kind === 'verdict') return { kind: step.kind };
  const builder = step.hand.signer.id;
  if (step.kind === 'decline') return { kind: 'decline', builder };
  const payload = JSON.parse(Buffer.from(step.envelope.payload, 'base64').toString()) as {
    predicate: { commitment: string };
  };
  if (step.kind === 'commit') {
    return { kind: 'commit', builder, commitment: payload.predicate.commitment };
  }
  const isGood = step.envelope === signed.get(`${step.hand.operator} good`)?.result;
  const variant = isGood ? 'good' : 'other';
  const claim = claimOf(resultOf({ ...step.hand, variant }, ROUND));
  return { kind: 'reveal', commitment: commitmentOf(step.envelope), claim };
}

function replayed(steps: readonly Step[]): RoundState {
  const round = new HandRound(new MemoryLog(), HANDS);
  append(round, steps);
  return round.replay().state;
}

function append(round: HandRound, steps: readonly Step[]): void {
  const { log } = round;
  for (const step of steps) {
    if (step.kind === 'decline') round.decline(step.hand);
    else if (step.kind === 'close') log.append('round-close', CLOSE);
    else if (step.kind === 'verdict') log.append('verdict', VERDICT);
    else log.appendEnvelope(step.kind, step.envelope, step.hand.signer.publicKey);
  }
}

test('a replay counts what the rules count, whatever is repeated, reordered, late or lost', () => {
  fc.assert(
    fc.property(fc.array(stepArb, { maxLength: 20 }), (steps) => {
      const ids = HANDS.map(({ signer }) => signer.id);
      const [mine, theirs] = [replayed(steps), counted(steps)];
      expect(mine).toEqual(theirs);
      expect(standingsOf(mine, ids)).toEqual(standingsOf(theirs, ids));
    }),
    { numRuns: 150 },
  );
});

test('a verdict that follows from the log follows from all that the log becomes', () => {
  const stepsArb = fc.array(stepArb, { maxLength: 8 });
  fc.assert(
    fc.property(stepsArb, stepsArb, stepsArb, (open, revealing, after) => {
      const round = new HandRound(new MemoryLog(), HANDS);
      const isUndecided = ({ kind }: Step): boolean => kind !== 'verdict';
      append(round, [...open.filter(isUndecided), { kind: 'close' }]);
      append(round, revealing.filter(isUndecided));
      round.decide();
      const before = round.replay();
      append(round, after);
      const replay = round.replay();
      expect(isVerdictTrue(replay, ORIGIN, COORDINATOR.publicKey)).toBe(true);
      expect(countReplay(replay, ORIGIN)).toEqual(countReplay(before, ORIGIN));
    }),
    { numRuns: 150 },
  );
});
