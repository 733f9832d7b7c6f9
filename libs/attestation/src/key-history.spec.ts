import { describe, expect, test } from 'vitest';
import { commitStatement } from './commit.js';
import { keyHistory, type KeyHistory } from './key-history.js';
import type { KeyFindingCode } from './key-life.js';
import type { KeyRecord } from './key-record.js';
import {
  enrolled,
  FIRST,
  logOf,
  OPERATOR,
  operatorOf,
  rawText,
  revoked,
  RIVAL,
  rotated,
  SECOND,
  signersFrom,
  THIRD,
  type KeySigners,
  type Signed,
} from './key-records.fixture.js';
import type { RevocationReason } from './key-revocation.js';
import { keyStateAt } from './key-state.js';
import { COMMIT } from './sample.fixture.js';

const STRANGE = signersFrom(140);
const codes = ({ findings }: KeyHistory): KeyFindingCode[] => findings.map(({ code }) => code);
const stateOf = (
  history: KeyHistory,
  { attestation }: KeySigners,
  logIndex: number,
  at?: string,
): string => keyStateAt(history, attestation.publicKey, logIndex, at).state;
const by = (signed: Signed, signer: Signed['signer']): Signed => ({ ...signed, signer });
const builder = FIRST.attestation.id;

describe('an enrolled key', () => {
  const history = keyHistory(logOf(enrolled(OPERATOR, FIRST)));

  test('is active from its enrolment on, and its builder’s and operator’s', () => {
    expect(history.findings).toEqual([]);
    expect(stateOf(history, FIRST, 9)).toBe('unknown');
    expect(keyStateAt(history, FIRST.attestation.publicKey, 10)).toEqual({
      state: 'active',
      logIndex: 10,
      owner: { builder, operator: operatorOf(OPERATOR) },
      flags: [],
      revocation: null,
    });
  });

  test.each([
    ['2025-12-31T23:59:59Z', 'unknown'],
    ['2026-01-01T00:00:00Z', 'active'],
    ['2026-12-31T23:59:59.999Z', 'active'],
    ['2027-01-01T00:00:00Z', 'expired'],
    ['the day before yesterday', 'unknown'],
  ])('held against %s is %s', (at, state) => {
    const standing = keyStateAt(history, FIRST.attestation.publicKey, 11, at);
    expect(standing).toMatchObject({ state, logIndex: 10 });
  });

  test('is good for nothing but what it was enrolled for', () => {
    const { attestation, witness, nats } = FIRST;
    expect(keyStateAt(history, witness.publicKey, 10).state).toBe('unknown');
    expect(keyStateAt(history, nats.publicKey, 10).state).toBe('unknown');
    expect(keyStateAt(history, OPERATOR.publicKey, 10).state).toBe('unknown');
    expect(keyStateAt(history, witness.publicKey, 10, null, 'witness').state).toBe('active');
    expect(keyStateAt(history, nats.publicKey, 10, null, 'nats').state).toBe('active');
    expect(keyStateAt(history, attestation.publicKey, 10, null, 'witness').state).toBe('unknown');
  });

  test('is unknown at what is no log index, and so is a key that nobody enrolled', () => {
    expect(stateOf(history, FIRST, NaN)).toBe('unknown');
    expect(stateOf(history, SECOND, 10)).toBe('unknown');
    expect(keyStateAt(history, new Uint8Array(), 10).state).toBe('unknown');
  });
});

describe('a key belongs to one builder and one operator for ever', () => {
  test.each<[string, Signed]>([
    ['the same enrolment again', enrolled(OPERATOR, FIRST)],
    ['the key under another operator', enrolled(RIVAL, FIRST)],
    [
      'the key for another period',
      enrolled(OPERATOR, FIRST, { validUntil: '2028-01-01T00:00:00Z' }),
    ],
    ['another’s witness key', enrolled(RIVAL, { ...SECOND, witness: FIRST.witness })],
    ['another’s NATS key', enrolled(RIVAL, { ...SECOND, nats: FIRST.nats })],
    [
      'another’s attestation key to witness',
      enrolled(RIVAL, { ...SECOND, witness: FIRST.attestation }),
    ],
    ['another’s witness key to attest', enrolled(RIVAL, { ...SECOND, attestation: FIRST.witness })],
    ['an operator’s key to attest', enrolled(RIVAL, { ...SECOND, attestation: OPERATOR })],
    ['a builder’s key as operator', enrolled(FIRST.attestation, SECOND)],
    ['a builder’s NATS key as operator', enrolled(FIRST.nats, SECOND)],
  ])('%s is refused', (_what, again) => {
    const history = keyHistory(logOf(enrolled(OPERATOR, FIRST), again));
    expect(codes(history)).toEqual(['known-key']);
    expect(history.findings[0]).toMatchObject({ logIndex: 20 });
    expect(keyStateAt(history, FIRST.attestation.publicKey, 30)).toMatchObject({
      state: 'active',
      logIndex: 10,
      owner: { builder, operator: { id: OPERATOR.id } },
    });
    expect(stateOf(history, SECOND, 30)).toBe('unknown');
  });

  test('a refused enrolment takes no key', () => {
    const both = { ...SECOND, witness: FIRST.witness };
    const log = logOf(
      enrolled(OPERATOR, FIRST),
      enrolled(RIVAL, both),
      by(enrolled(RIVAL, SECOND), OPERATOR),
      enrolled(RIVAL, SECOND),
    );
    const history = keyHistory(log);
    expect(codes(history)).toEqual(['known-key', 'foreign-signature']);
    expect(stateOf(history, SECOND, 40)).toBe('active');
  });

  test('one operator may have many builders', () => {
    const history = keyHistory(logOf(enrolled(OPERATOR, FIRST), enrolled(OPERATOR, SECOND)));
    expect(codes(history)).toEqual([]);
  });
});

describe('a rotation', () => {
  test('ends the old key, begins the new one, and keeps the builder’s id', () => {
    const history = keyHistory(logOf(enrolled(OPERATOR, FIRST), rotated(OPERATOR, FIRST, SECOND)));
    const { publicKey } = SECOND.attestation;
    expect(codes(history)).toEqual([]);
    expect(stateOf(history, FIRST, 19)).toBe('active');
    expect(stateOf(history, SECOND, 19)).toBe('unknown');
    expect(keyStateAt(history, FIRST.attestation.publicKey, 20)).toMatchObject({
      state: 'rotated',
      logIndex: 20,
    });
    expect(keyStateAt(history, publicKey, 20)).toMatchObject({
      state: 'active',
      owner: { builder },
    });
    expect(keyStateAt(history, FIRST.witness.publicKey, 20, null, 'witness').state).toBe('rotated');
  });

  test('of a rotation keeps the id of the first key', () => {
    const log = [enrolled(OPERATOR, FIRST), rotated(OPERATOR, FIRST, SECOND)];
    const wrong = rotated(OPERATOR, SECOND, THIRD);
    const right = rotated(OPERATOR, SECOND, THIRD, { builder });
    const history = keyHistory(logOf(...log, wrong, right));
    expect(codes(history)).toEqual(['foreign-builder']);
    expect(keyStateAt(history, THIRD.attestation.publicKey, 40)).toMatchObject({
      state: 'active',
      owner: { builder },
    });
  });

  test.each<[string, Signed, KeyFindingCode]>([
    [
      'by a thief of the builder’s key',
      by(rotated(OPERATOR, FIRST, SECOND), FIRST.attestation),
      'foreign-signature',
    ],
    ['by a thief who calls himself an operator', rotated(RIVAL, FIRST, SECOND), 'foreign-operator'],
    ['by the operator alone', rotated(OPERATOR, FIRST, SECOND, {}, false), 'no-old-signature'],
    ['of a key that nobody enrolled', rotated(OPERATOR, THIRD, SECOND), 'unknown-key'],
    [
      'of a witness key',
      rotated(OPERATOR, { ...FIRST, attestation: FIRST.witness }, SECOND, { builder }),
      'unknown-key',
    ],
    [
      'that keeps the witness key',
      rotated(OPERATOR, FIRST, { ...SECOND, witness: FIRST.witness }),
      'known-key',
    ],
    ['to another builder’s key', rotated(OPERATOR, FIRST, STRANGE), 'known-key'],
    [
      'to an operator’s key',
      rotated(OPERATOR, FIRST, { ...SECOND, attestation: RIVAL }),
      'known-key',
    ],
  ])('%s is refused and changes nothing', (_what, bad, code) => {
    const log = logOf(enrolled(OPERATOR, FIRST), enrolled(RIVAL, STRANGE), bad);
    const history = keyHistory(log);
    expect(codes(history)).toEqual([code]);
    expect(stateOf(history, FIRST, 99)).toBe('active');
    expect(stateOf(history, SECOND, 99)).toBe('unknown');
  });

  test('counts once: neither a replay nor a second heir is accepted', () => {
    const once = rotated(OPERATOR, FIRST, SECOND);
    const heir = rotated(OPERATOR, FIRST, THIRD);
    const history = keyHistory(logOf(enrolled(OPERATOR, FIRST), once, once, heir));
    expect(codes(history)).toEqual(['already-rotated', 'already-rotated']);
    expect(stateOf(history, THIRD, 99)).toBe('unknown');
  });

  test('back to a former key is refused', () => {
    const back = rotated(OPERATOR, SECOND, FIRST, { builder });
    const log = logOf(enrolled(OPERATOR, FIRST), rotated(OPERATOR, FIRST, SECOND), back);
    expect(codes(keyHistory(log))).toEqual(['known-key']);
  });

  test.each<[RevocationReason, boolean, KeyFindingCode[]]>([
    ['compromised', false, []],
    ['compromised', true, []],
    ['lost', false, []],
    ['superseded', false, []],
    ['retired', false, ['retired']],
    ['retired', true, ['retired']],
  ])('of a key revoked as %s, with the old signature: %s, gives %j', (reason, signs, findings) => {
    const revocation = revoked(OPERATOR, FIRST, { reason });
    const rotation = rotated(OPERATOR, FIRST, SECOND, {}, signs);
    const history = keyHistory(logOf(enrolled(OPERATOR, FIRST), revocation, rotation));
    expect(codes(history)).toEqual(findings);
    expect(stateOf(history, FIRST, 30)).toBe('revoked');
    expect(stateOf(history, SECOND, 30)).toBe(findings.length === 0 ? 'active' : 'unknown');
  });
});

describe('a revocation', () => {
  const { publicKey } = FIRST.attestation;

  test('as compromised refuses what comes later and flags what came before', () => {
    const history = keyHistory(logOf(enrolled(OPERATOR, FIRST), revoked(OPERATOR, FIRST)));
    const revocation = { logIndex: 20, reason: 'compromised', since: '2026-06-01T00:00:00Z' };
    const earlier = { state: 'active', logIndex: 10, flags: ['later-revoked'], revocation };
    expect(keyStateAt(history, publicKey, 19)).toMatchObject(earlier);
    const later = { state: 'revoked', logIndex: 20, flags: [], revocation };
    expect(keyStateAt(history, publicKey, 20)).toMatchObject(later);
    expect(keyStateAt(history, publicKey, 99, '2030-01-01T00:00:00Z')).toMatchObject(later);
    expect(keyStateAt(history, publicKey, 9).flags).toEqual([]);
    expect(keyStateAt(history, FIRST.witness.publicKey, 20, null, 'witness').state).toBe('revoked');
  });

  test.each(['lost', 'retired', 'superseded'] as const)('as %s flags nothing', (reason) => {
    const history = keyHistory(
      logOf(enrolled(OPERATOR, FIRST), revoked(OPERATOR, FIRST, { reason })),
    );
    expect(keyStateAt(history, publicKey, 19)).toMatchObject({ flags: [], revocation: null });
    expect(stateOf(history, FIRST, 20)).toBe('revoked');
  });

  test('since a day to come counts at once: order is the log’s', () => {
    const since = '2099-01-01T00:00:00Z';
    const log = logOf(enrolled(OPERATOR, FIRST), revoked(OPERATOR, FIRST, { since }));
    expect(stateOf(keyHistory(log), FIRST, 20, '2026-02-01T00:00:00Z')).toBe('revoked');
  });

  test('may be followed by worse news, and by no better', () => {
    const lost = revoked(OPERATOR, FIRST, { reason: 'lost' });
    const stolen = revoked(OPERATOR, FIRST);
    const history = keyHistory(logOf(enrolled(OPERATOR, FIRST), lost, stolen, lost, stolen));
    expect(codes(history)).toEqual(['already-revoked', 'already-revoked']);
    expect(keyStateAt(history, publicKey, 19).flags).toEqual(['later-revoked']);
    expect(keyStateAt(history, publicKey, 99)).toMatchObject({ state: 'revoked', logIndex: 20 });
  });

  test('of a rotated key leaves the new one as it is', () => {
    const log = [enrolled(OPERATOR, FIRST), rotated(OPERATOR, FIRST, SECOND)];
    const history = keyHistory(logOf(...log, revoked(OPERATOR, FIRST)));
    expect([19, 20, 30].map((at) => stateOf(history, FIRST, at))).toEqual([
      'active',
      'rotated',
      'revoked',
    ]);
    expect(keyStateAt(history, publicKey, 20).flags).toEqual(['later-revoked']);
    expect(keyStateAt(history, SECOND.attestation.publicKey, 99)).toMatchObject({
      state: 'active',
      flags: [],
    });
  });

  test.each<[string, Signed, KeyFindingCode]>([
    ['by the builder’s key', by(revoked(OPERATOR, FIRST), FIRST.attestation), 'foreign-signature'],
    ['by another operator', revoked(RIVAL, FIRST), 'foreign-operator'],
    ['by the builder’s key as an operator', revoked(FIRST.attestation, FIRST), 'foreign-operator'],
    [
      'under another builder',
      revoked(OPERATOR, FIRST, { builder: SECOND.attestation.id }),
      'foreign-builder',
    ],
    ['of a witness key', revoked(OPERATOR, FIRST, { key: rawText(FIRST.witness) }), 'unknown-key'],
    ['of a key not yet enrolled', revoked(OPERATOR, SECOND), 'unknown-key'],
  ])('%s is refused and changes nothing', (_what, bad, code) => {
    const history = keyHistory(logOf(enrolled(OPERATOR, FIRST), bad));
    expect(codes(history)).toEqual([code]);
    expect(stateOf(history, FIRST, 99)).toBe('active');
  });
});

describe('a log of keys', () => {
  test('names what is malformed and what is no key statement, and goes on', () => {
    const good = enrolled(OPERATOR, FIRST);
    const cut = { ...good.statement, predicate: {} };
    const records = logOf(
      { statement: commitStatement(COMMIT), signer: OPERATOR },
      { statement: cut, signer: OPERATOR },
      good,
    );
    const history = keyHistory(records);
    expect(history.findings.map(({ code, message }) => [code, message.split(':')[0]])).toEqual([
      ['unreadable', 'WRONG_KIND'],
      ['unreadable', 'MALFORMED_STATEMENT'],
    ]);
    expect(stateOf(history, FIRST, 30)).toBe('active');
  });

  test('that is out of order is no log: what is not above its predecessor counts for nothing', () => {
    const [first, second] = logOf(enrolled(OPERATOR, FIRST), revoked(OPERATOR, FIRST));
    const at = (record: KeyRecord | undefined, logIndex: number): KeyRecord => ({
      ...record!,
      logIndex,
    });
    for (const wrong of [10, 9, -1, 10.5, NaN, Infinity]) {
      const history = keyHistory([at(first, 10), at(second, wrong)]);
      expect(codes(history)).toEqual(['out-of-order']);
      expect(stateOf(history, FIRST, 99)).toBe('active');
    }
  });

  test('that is empty knows nobody', () => {
    expect(stateOf(keyHistory([]), FIRST, 0)).toBe('unknown');
  });
});
