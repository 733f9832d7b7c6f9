import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { PolicyFile } from '#libs/contracts';
import { audit, policyOf } from './audit.fixture.js';
import { fiveHands, HandRound } from './bundle.fixture.js';
import { MemoryLog, quickSigner, WITNESS_POLICY } from './log.fixture.js';
import type { Audit } from './verify-bundle.js';

const variantArb = fc.constantFrom('good', 'good', 'good', 'other', 'failed');

/** Rounds of six builders of five operators, some of whom never show what they committed to. */
const roundArb = fc
  .record({
    variants: fc.array(variantArb, { minLength: 6, maxLength: 6 }),
    silent: fc.subarray([0, 1, 2, 3, 4, 5], { maxLength: 2 }),
    warm: fc.subarray([0, 1, 2, 3, 4, 5], { maxLength: 2 }),
    isDecided: fc.constantFrom(true, true, true, false),
  })
  .map(({ variants, silent, warm, isDecided }) => {
    const second = { operator: 'alice', signer: quickSigner(80), variant: variants[5] ?? 'good' };
    const hands = [...fiveHands(variants), second].map((hand, at) =>
      warm.includes(at) ? { ...hand, facts: { 'build.cache': 'warm' } } : hand,
    );
    const round = new HandRound(new MemoryLog(), hands);
    for (const hand of hands) round.commit(hand);
    round.close();
    const note = round.log.note();
    for (const [at, hand] of hands.entries()) if (!silent.includes(at)) round.reveal(hand, note);
    if (isDecided) round.decide();
    return round;
  });

function votesFor({ artifacts }: Audit): number {
  const [guestos] = artifacts;
  return guestos?.clusters.find(({ matchesExpected }) => matchesExpected)?.operators.length ?? 0;
}

/** Whether an audit says more than another: a yes, or more votes in evidence that is not bad. */
function isStronger(after: Audit, before: Audit): boolean {
  if (after.outcome === 'bad-evidence') return false;
  if (after.outcome === 'satisfied' && before.outcome !== 'satisfied') return true;
  return votesFor(after) > votesFor(before);
}

test('no line that is taken out of a bundle makes it say more', async () => {
  await fc.assert(
    fc.asyncProperty(roundArb, fc.array(fc.nat(), { maxLength: 6 }), async (round, picks) => {
      const policy = policyOf(round.hands);
      const [header = '', ...lines] = round.bundle().trimEnd().split('\n');
      const gone = new Set(picks.map((pick) => pick % lines.length));
      const kept = lines.filter((_, at) => !gone.has(at));
      const before = await audit(round.bundle(), policy);
      const after = await audit([header, ...kept, ''].join('\n'), policy);
      expect(isStronger(after, before)).toBe(false);
    }),
    { numRuns: 20 },
  );
});

test('no entry that is withheld does, though whoever withholds it makes all proofs anew', async () => {
  await fc.assert(
    fc.asyncProperty(roundArb, fc.array(fc.nat(), { maxLength: 6 }), async (round, picks) => {
      const policy = policyOf(round.hands);
      const gone = new Set(picks.map((pick) => 1 + (pick % (round.log.size - 1))));
      const entries = round.log.entries.filter(({ index }) => !gone.has(index));
      const before = await audit(round.bundle(), policy);
      const after = await audit(round.bundle({ entries }), policy);
      expect(isStronger(after, before)).toBe(false);
    }),
    { numRuns: 20 },
  );
});

test('no checkpoint of an earlier size does', async () => {
  await fc.assert(
    fc.asyncProperty(roundArb, fc.nat(), async (round, pick) => {
      const policy = policyOf(round.hands);
      const size = 1 + (pick % round.log.size);
      const note = round.log.note(4, size);
      const entries = round.log.entries.slice(0, size);
      const before = await audit(round.bundle(), policy);
      const after = await audit(round.bundle({ note, entries }), policy);
      expect(isStronger(after, before)).toBe(false);
    }),
    { numRuns: 12 },
  );
});

const RULES: readonly Partial<PolicyFile>[] = [
  { coldBuildsOnly: true },
  { refuseWeaklyWitnessed: true },
  { enrolledOnly: true },
  { witnesses: WITNESS_POLICY },
  { maxVotesPerGroup: 1 },
  { workShown: true },
  { distinctVirtualisation: 2 },
  { minTreeSize: 16 },
  { maxAgeHours: 12 },
  { wholeLog: true },
  { minCountersignatures: 1 },
  { threshold: '4' },
];

const together = (rules: readonly Partial<PolicyFile>[]): Partial<PolicyFile> =>
  rules.reduce((all, rule) => ({ ...all, ...rule }), {});

test('no rule that a policy asks beside others does, and no operator that it trusts no more', async () => {
  const rulesArb = fc.subarray([...RULES], { maxLength: 3 });
  await fc.assert(
    fc.asyncProperty(roundArb, rulesArb, rulesArb, fc.boolean(), async (round, some, more, one) => {
      const bundle = round.bundle();
      const policy = policyOf(round.hands, { threshold: '3', ...together(some) });
      const { operators } = policy;
      const strict: PolicyFile = {
        ...{ ...policy, ...together(more) },
        operators: one ? operators.slice(1) : operators,
      };
      expect(isStronger(await audit(bundle, strict), await audit(bundle, policy))).toBe(false);
    }),
    { numRuns: 20 },
  );
});
