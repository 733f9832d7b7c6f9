import { describe, expect, test } from 'vitest';
import { toBase64 } from '#libs/encoding';
import { commitmentOf, signatureOf, type RosterEntry } from '#libs/attestation';
import {
  enrolled,
  OPERATOR,
  revoked,
  rotated,
  signersFrom,
  type Signed,
} from '../../attestation/src/key-records.fixture.js';
import { audit, codesOf, policyOf } from './audit.fixture.js';
import { fiveHands, HandRound, rosterOf, type Hand } from './bundle.fixture.js';
import { MemoryLog } from './log.fixture.js';

const FIRST = signersFrom(110);
const SECOND = signersFrom(120);
const others = fiveHands().slice(1);
const frank: Hand = { operator: 'frank', signer: FIRST.attestation, variant: 'good' };
const hands = [...others, frank];

function logged(log: MemoryLog, { statement, signer }: Signed): number {
  return log.append('key', statement, signer);
}

/** The roster with Frank's builder as the log's entry at `keyIndex` has it. */
function rosterWith(keyIndex: number, builder: Hand['signer']): RosterEntry[] {
  const { id, publicKey } = FIRST.attestation;
  const seat = { builder: id, publicKey: toBase64(publicKey), keyIndex };
  const key = { publicKey: toBase64(builder.publicKey) };
  return [...rosterOf(others), { operator: 'frank', builders: [{ ...seat, ...key }] }];
}

/** A round in which Frank's key was enrolled first; `between` happens before Frank commits. */
function roundWith(
  before: readonly Signed[],
  between: readonly Signed[] = [],
  after: readonly Signed[] = [],
): HandRound {
  const log = new MemoryLog();
  const [index = 0] = before.map((record) => logged(log, record));
  const round = new HandRound(log, hands, { roster: rosterWith(index, FIRST.attestation) });
  for (const record of between) logged(log, record);
  for (const hand of hands) round.commit(hand);
  round.close();
  for (const record of after) logged(log, record);
  const unproven = new Set(round.replay().commitIndexes.keys());
  for (const hand of hands) if (unproven.has(hand.signer.id)) round.reveal(hand);
  round.decide();
  return round;
}

const enrolment = enrolled(OPERATOR, FIRST);
const winners = (found: Awaited<ReturnType<typeof audit>>): readonly string[] =>
  found.artifacts[0]?.clusters[0]?.operators ?? [];

describe('a builder whose key is in the log', () => {
  const byKey = policyOf(hands, {
    operators: policyOf(hands).operators.map((entry) =>
      entry.operator === 'frank'
        ? { operator: 'frank', publicKey: toBase64(OPERATOR.publicKey) }
        : entry,
    ),
  });

  test('counts for the operator that the log shows, whatever the round calls it', async () => {
    const found = await audit(roundWith([enrolment]).bundle(), byKey);
    expect([found.outcome, codesOf(found)]).toEqual(['satisfied', []]);
    expect(winners(found)).toContain('frank');
  });

  test('counts with the key that a rotation gave it', async () => {
    const log = new MemoryLog();
    logged(log, enrolment);
    const keyIndex = logged(log, rotated(OPERATOR, FIRST, SECOND));
    const rotatedFrank = { ...frank, signer: { ...SECOND.attestation, id: FIRST.attestation.id } };
    const all = [...others, rotatedFrank];
    const roster = rosterWith(keyIndex, SECOND.attestation);
    const round = new HandRound(log, all, { roster }).play();
    const found = await audit(round.bundle(), byKey);
    expect([found.outcome, codesOf(found)]).toEqual(['satisfied', []]);
    expect(winners(found)).toContain('frank');
  });

  test.each<[what: string, round: HandRound, code: string]>([
    [
      'revoked before the commit',
      roundWith([enrolment], [revoked(OPERATOR, FIRST)]),
      'key-inactive',
    ],
    [
      'rotated before the commit',
      roundWith([enrolment], [rotated(OPERATOR, FIRST, SECOND)]),
      'key-inactive',
    ],
    [
      'expired when the round was opened',
      roundWith([
        enrolled(OPERATOR, FIRST, {
          validFrom: '2025-01-01T00:00:00Z',
          validUntil: '2026-01-01T00:00:00Z',
        }),
      ]),
      'key-inactive',
    ],
    [
      'enrolled elsewhere than the roster says',
      roundWith([revoked(OPERATOR, FIRST), enrolment]),
      'key-unproven',
    ],
  ])('%s does not count', async (_what, round, code) => {
    const found = await audit(round.bundle(), byKey);
    expect(found.outcome).toBe('bad-evidence');
    expect(codesOf(found)).toContain(code);
    expect(winners(found)).not.toContain('frank');
  });

  test('revoked after its commit counts: the commit has bound what it shows', async () => {
    const round = roundWith([enrolment], [], [revoked(OPERATOR, FIRST)]);
    const found = await audit(round.bundle(), byKey);
    expect([found.outcome, codesOf(found)]).toEqual(['satisfied', ['later-revoked']]);
    expect(winners(found)).toContain('frank');
  });

  test('is enrolled for a policy that asks for it, and the others are not', async () => {
    const found = await audit(roundWith([enrolment]).bundle(), { ...byKey, enrolledOnly: true });
    expect(winners(found)).toEqual(['frank']);
  });
});

describe('what stands between a key’s enrolment and the round', () => {
  const round = roundWith([enrolment, enrolled(OPERATOR, signersFrom(140))]);
  const other = round.log.entries[1]!;

  test('has to be shown, because it may be a revocation', async () => {
    const entries = round.log.entries.filter(({ index }) => index !== 1);
    expect(codesOf(await audit(round.bundle({ entries })))).toEqual(['leaf-missing']);
  });

  test('is not shown by a bare leaf of the operator’s', async () => {
    expect(codesOf(await audit(round.bundle(bare(1))))).toEqual(['leaf-missing']);
  });

  test('may be a bare leaf of anybody else’s', async () => {
    const log = new MemoryLog();
    logged(log, enrolment);
    new HandRound(log, others, { release: { ...round.open.release, name: 'ic/x' } });
    const roster = rosterWith(0, FIRST.attestation);
    const later = new HandRound(log, hands, { roster }).play();
    const text = later.bundle(bare(1, later));
    expect(codesOf(await audit(text))).toEqual([]);
    expect(text).toContain('"type":"leaf"');
  });

  function bare(index: number, of = round): Parameters<HandRound['bundle']>[0] {
    const { envelope, publicKey } = of === round ? other : of.log.entries[index]!;
    const leaf = {
      ...{ index, digest: commitmentOf(envelope), publicKey: toBase64(publicKey) },
      signature: toBase64(signatureOf(envelope)),
    };
    return { entries: of.log.entries.filter((entry) => entry.index !== index), leaves: [leaf] };
  }
});

describe('an answer to a verdict by a key that was taken back before', () => {
  const round = roundWith([enrolment]);
  logged(round.log, revoked(OPERATOR, FIRST));
  round.countersign([frank]);

  test('does not count, and makes nothing bad', async () => {
    const found = await audit(round.bundle(), policyOf(hands, { minCountersignatures: 1 }));
    expect(codesOf(found)).toEqual(['later-revoked', 'answer-void']);
    expect(found.outcome).toBe('not-satisfied');
  });

  test('leaves room for those of others', async () => {
    round.countersign([others[0]!]);
    const found = await audit(round.bundle(), policyOf(hands, { minCountersignatures: 1 }));
    expect(found.outcome).toBe('satisfied');
  });
});

test('a theft that became known after the verdict cannot be left out of a whole log', async () => {
  const round = roundWith([enrolment]);
  const at = logged(round.log, revoked(OPERATOR, FIRST, { sinceIndex: 0 }));
  const entries = round.log.entries.filter(({ index }) => index !== at);
  const policy = policyOf(hands, { threshold: '5/5' });
  const outcomes = [
    await audit(round.bundle(), policy),
    await audit(round.bundle({ entries }), { ...policy, wholeLog: true }),
  ].map(({ outcome }) => outcome);
  expect(outcomes).toEqual(['undecided', 'not-satisfied']);
});
