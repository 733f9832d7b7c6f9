import { describe, expect, test } from 'vitest';
import { keyHistory } from './key-history.js';
import { checkKeyAt, isCompromisedAt, newestKeys } from './key-judgement.js';
import {
  enrolled,
  FIRST,
  logOf,
  OPERATOR,
  rawText,
  revoked,
  rotated,
  SECOND,
  THIRD,
} from './key-records.fixture.js';
import type { Signer } from './signer.js';

const builder = FIRST.attestation.id;
const AT = '2026-06-01T00:00:00Z';
const rotation = rotated(OPERATOR, FIRST, SECOND);
const history = keyHistory(logOf(enrolled(OPERATOR, FIRST), rotation, enrolled(OPERATOR, THIRD)));

const judge = (signer: Signer, logIndex: number, at = AT, of = builder, by = history): unknown =>
  checkKeyAt(by, { builder: of, publicKey: signer.publicKey, logIndex, at })?.state ?? null;
const refused = (code: string): unknown => expect.objectContaining({ code }) as unknown;

describe('a statement is judged by its key at its own log index:', () => {
  test('before anything was logged of builder and key only a roster vouches for them', () => {
    expect(judge(FIRST.attestation, 9)).toBeNull();
    expect(judge(FIRST.attestation, 10)).toBe('active');
    expect(judge(FIRST.attestation, 19)).toBe('active');
    expect(judge(SECOND.attestation, 20)).toBe('active');
  });

  test.each<[string, Signer, number, string, string]>([
    ['by a key that was replaced', FIRST.attestation, 20, AT, 'ROTATED_KEY'],
    ['by a key that is to come', SECOND.attestation, 19, AT, 'UNKNOWN_KEY'],
    ['by the witness key', FIRST.witness, 10, AT, 'UNKNOWN_KEY'],
    ['by the NATS key', FIRST.nats, 10, AT, 'UNKNOWN_KEY'],
    ['by the operator’s key', OPERATOR, 10, AT, 'UNKNOWN_KEY'],
    ['by another builder’s key', THIRD.attestation, 30, AT, 'WRONG_BUILDER'],
    ['after the period', SECOND.attestation, 20, '2027-01-01T00:00:00Z', 'EXPIRED_KEY'],
    ['before the period', FIRST.attestation, 10, '2025-01-01T00:00:00Z', 'UNKNOWN_KEY'],
  ])('%s is refused', (_what, signer, logIndex, at, code) => {
    expect(() => judge(signer, logIndex, at)).toThrow(refused(code));
  });

  test('an enrolled builder has no other key than its own', () => {
    const log = keyHistory(logOf(enrolled(OPERATOR, FIRST)));
    expect(() => judge(SECOND.attestation, 10, AT, builder, log)).toThrow(refused('UNKNOWN_KEY'));
    const stranger = SECOND.attestation;
    expect(judge(stranger, 10, AT, stranger.id, log)).toBeNull();
  });

  test('after a revocation it is refused, before it not', () => {
    const log = keyHistory(logOf(enrolled(OPERATOR, FIRST), revoked(OPERATOR, FIRST)));
    expect(judge(FIRST.attestation, 19, AT, builder, log)).toBe('active');
    const late = (): unknown => judge(FIRST.attestation, 20, AT, builder, log);
    expect(late).toThrow(refused('REVOKED_KEY'));
    expect(late).toThrow(/log index 20/);
  });
});

test('the newest keys of a builder are those of its last rotation', () => {
  expect(newestKeys(history, builder)?.keys.attestation).toBe(rawText(SECOND.attestation));
  expect(newestKeys(history, THIRD.attestation.id)?.bornAt).toBe(30);
  expect(newestKeys(history, SECOND.attestation.id)).toBeNull();
});

describe('what a compromised key signed', () => {
  const { publicKey } = FIRST.attestation;
  const told = (over: Parameters<typeof revoked>[2]): ReturnType<typeof keyHistory> =>
    keyHistory(logOf(enrolled(OPERATOR, FIRST), revoked(OPERATOR, FIRST, over)));

  test.each<[string, Parameters<typeof revoked>[2], number[]]>([
    ['from the index on that the operator names', { sinceIndex: 15 }, [15, 19, 20]],
    ['from the record on where it names none', {}, [20]],
    ['from the record on where it names a later one', { sinceIndex: 99 }, [20]],
    ['not at all where it is lost only', { reason: 'lost' }, []],
  ])('is void %s', (_what, over, voided) => {
    const indexes = [10, 14, 15, 19, 20];
    const history = told(over);
    expect(history.findings).toEqual([]);
    expect(indexes.filter((at) => isCompromisedAt(history, publicKey, at))).toEqual(voided);
  });

  test('is not void by a key that was only lost, whatever index is named', () => {
    const { findings } = told({ reason: 'lost', sinceIndex: 15 });
    expect(findings.map(({ code }) => code)).toEqual(['unreadable']);
  });
});
