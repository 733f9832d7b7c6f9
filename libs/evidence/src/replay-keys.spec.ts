import { describe, expect, test } from 'vitest';
import type { Envelope, RosterEntry, Signer } from '#libs/attestation';
import { toBase64 } from '#libs/encoding';
import { signEnrolment, signRevocation, signRotation, type HandKeys } from '#libs/testing';
import { policyOf } from './audit.fixture.js';
import { readAuditor } from './auditor.js';
import { seatsOf, type Seats } from './auditor-ballot.js';
import { fiveHands, HandRound, rosterOf, type Hand } from './bundle.fixture.js';
import { MemoryLog, ORIGIN, quickSigner } from './log.fixture.js';

const PERIOD = { validFrom: '2025-12-01T00:00:00Z', validUntil: '2026-12-01T00:00:00Z' };
const [ann, rival] = [quickSigner(500), quickSigner(501)];
const [alice, ...others] = fiveHands();
const second = keys(quickSigner(510), 511);
const first = keys(alice!.signer, 520);

function keys(attestation: Signer, seed: number): HandKeys {
  return { attestation, witness: quickSigner(seed), nats: quickSigner(seed + 1) };
}

function logged(log: MemoryLog, envelope: Envelope, operator = ann): number {
  return log.appendEnvelope('key', envelope, operator.publicKey);
}

/** A round that knows alice's operator by its key, and alice by what a record brought, if one did. */
function begun(log: MemoryLog, over: Partial<RosterEntry['builders'][number]> = {}): HandRound {
  const [mine, ...rest] = rosterOf([alice!, ...others]);
  const builders = mine!.builders.map((builder) => ({ ...builder, ...over }));
  const roster = [{ ...mine!, publicKey: toBase64(ann.publicKey), builders }, ...rest];
  return new HandRound(log, [alice!, ...others], { roster });
}

/** Lets everybody commit, show and agree; `hand` is how alice signs. */
function played(round: HandRound, hand: Hand = alice!): readonly string[] {
  for (const each of [hand, ...others]) round.commit(each);
  return round.answer().findings.map(({ code }) => code);
}

const enrolment = signEnrolment(ann, first, PERIOD);

describe('a replay judges a commit by its key at the commit’s place in the log:', () => {
  test('an enrolled builder that is listed as the record has it is in order', () => {
    const log = new MemoryLog();
    const keyIndex = logged(log, enrolment);
    expect(played(begun(log, { keyIndex }))).toEqual([]);
  });

  test('a roster that names a record which brought no such key is not believed', () => {
    const log = new MemoryLog();
    const keyIndex = logged(log, enrolment);
    expect(played(begun(log, { keyIndex: keyIndex + 1 }))).toEqual(['key-unproven']);
  });

  test('a key that another operator enrolled does not vote in the invited one’s place', () => {
    const log = new MemoryLog();
    const round = begun(log);
    logged(log, signEnrolment(rival, first, PERIOD), rival);
    expect(played(round)).toEqual(['key-unproven']);
  });

  test.each<[string, string, () => Envelope]>([
    ['revoked', 'key-inactive', () => signRevocation(ann, alice!.signer, { reason: 'lost' })],
    ['rotated', 'key-inactive', () => signRotation(ann, alice!.signer, second, PERIOD)],
  ])('a key that was %s before counts for nothing', (_what, code, record) => {
    const log = new MemoryLog();
    const keyIndex = logged(log, enrolment);
    const round = begun(log, { keyIndex });
    logged(log, record());
    expect(played(round)).toEqual([code]);
  });

  test.each<[string, Signer, () => Envelope]>([
    ['its operator', ann, () => enrolment],
    ['a thief who is an operator too', rival, () => signEnrolment(rival, first, PERIOD)],
  ])('an enrolment by %s that comes later changes nothing', (_who, operator, record) => {
    const log = new MemoryLog();
    const round = begun(log);
    round.commit(alice!);
    logged(log, record(), operator);
    expect(round.answer().findings).toEqual([]);
    expect(round.replay().state.commits.has(alice!.signer.id)).toBe(true);
  });

  test('a compromise that is told later is a finding, and takes nothing back', () => {
    const log = new MemoryLog();
    const keyIndex = logged(log, enrolment);
    const round = begun(log, { keyIndex });
    round.commit(alice!);
    logged(log, signRevocation(ann, alice!.signer));
    expect(round.answer().findings.map(({ code }) => code)).toEqual(['later-revoked']);
    expect(round.replay().state.commits.has(alice!.signer.id)).toBe(true);
  });
});

describe('an auditor', () => {
  /** Whose word counts of one operator that the policy knows by its key, after alice committed. */
  function seatOf(operator: Signer, ...records: readonly Envelope[]): Seats {
    const log = new MemoryLog();
    const keyIndex = logged(log, enrolment);
    const round = begun(log, { keyIndex });
    round.play();
    for (const record of records) logged(log, record);
    const policy = policyOf(others, {
      operators: [{ operator: 'one', publicKey: toBase64(operator.publicKey) }],
      threshold: '1',
    });
    return seatsOf(round.replay(), readAuditor(policy), ORIGIN)[0]!;
  }
  const { id } = alice!.signer;

  test('knows an operator’s builders by the records that the round names', () => {
    expect(seatOf(ann)).toMatchObject({ counted: [id], doubted: [] });
    expect(seatOf(rival)).toMatchObject({ counted: [], doubted: [] });
  });

  test.each<[string, Parameters<typeof signRevocation>[2], boolean]>([
    ['since before the commit', { sinceIndex: 1 }, false],
    ['only when it was told', {}, true],
  ])('with a key that was compromised %s', (_when, over, counts) => {
    const seat = seatOf(ann, signRevocation(ann, alice!.signer, over));
    expect(seat).toMatchObject(counts ? { counted: [id] } : { counted: [], doubted: [id] });
  });

  test('does not move a builder to whoever enrolled it afterwards', () => {
    const log = new MemoryLog();
    const round = begun(log);
    round.play();
    logged(log, signEnrolment(rival, first, PERIOD), rival);
    const policy = policyOf(others, {
      operators: [{ operator: 'one', publicKey: toBase64(rival.publicKey) }],
    });
    const [seat] = seatsOf(round.replay(), readAuditor(policy), ORIGIN);
    expect(seat).toMatchObject({ counted: [], doubted: [] });
  });
});
