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

describe('an auditor who knows operators by their keys', () => {
  const policy = policyOf(others, {
    operators: [
      { operator: 'ann', publicKey: toBase64(ann.publicKey) },
      { operator: 'rival', publicKey: toBase64(rival.publicKey) },
    ],
    threshold: '2',
  });
  const { id } = alice!.signer;

  /** Whose word counts of ann and of her rival, after a whole round and what was logged then. */
  function seatsAfter(round: HandRound): readonly Seats[] {
    return seatsOf(round.replay(), readAuditor(policy), ORIGIN);
  }
  function enrolledRound(log: MemoryLog): HandRound {
    const keyIndex = logged(log, enrolment);
    const round = begun(log, { keyIndex });
    round.play();
    return round;
  }

  test('finds a builder’s by the record that the round names', () => {
    const [mine, theirs] = seatsAfter(enrolledRound(new MemoryLog()));
    expect(mine).toMatchObject({ counted: [id], doubted: [] });
    expect(theirs).toMatchObject({ counted: [], doubted: [] });
  });

  test.each<[string, Parameters<typeof signRevocation>[2], object]>([
    ['since before the commit', { sinceIndex: 1 }, { counted: [], doubted: [id] }],
    ['only since it was told', {}, { counted: [id], doubted: [] }],
  ])('counts no commit by a key that was compromised: %s', (_when, over, seat) => {
    const log = new MemoryLog();
    const round = enrolledRound(log);
    logged(log, signRevocation(ann, alice!.signer, over));
    expect(seatsAfter(round)[0]).toMatchObject(seat);
  });

  test('does not move a builder to whoever enrolled it afterwards', () => {
    const log = new MemoryLog();
    const round = begun(log);
    round.play();
    logged(log, signEnrolment(rival, first, PERIOD), rival);
    expect(seatsAfter(round)[1]).toMatchObject({ counted: [], doubted: [] });
  });
});
