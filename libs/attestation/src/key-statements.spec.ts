import { describe, expect, test } from 'vitest';
import { canonicalJson, toBase64 } from '#libs/encoding';
import { preAuthEncoding, signStatement } from './dsse.js';
import { keyEnrolmentStatement, readKeyEnrolment, type KeyEnrolment } from './key-enrolment.js';
import { possessionChallenge } from './key-possession.js';
import { isKeyStatement, openKeyRecord } from './key-record.js';
import {
  enrolment,
  FIRST,
  keySetOf,
  OPERATOR,
  operatorOf,
  rawText,
  revocation,
  RIVAL,
  rotation,
  SECOND,
} from './key-records.fixture.js';
import { keyRevocationStatement, readKeyRevocation } from './key-revocation.js';
import { keyRotationStatement, readKeyRotation } from './key-rotation.js';
import { natsKeyText } from './nats-key.js';
import { COMMIT } from './sample.fixture.js';
import { commitStatement } from './commit.js';
import { parseStatement, type Statement } from './statement.js';
import { KEY_ENROLMENT, KEY_ROTATION } from './type-uri.js';

const sent = (statement: Statement): Statement =>
  parseStatement(Buffer.from(canonicalJson(statement)));
const refused = (code: string): unknown => expect.objectContaining({ code });
const read = (said: KeyEnrolment): KeyEnrolment =>
  readKeyEnrolment(sent(keyEnrolmentStatement(said)));

describe('an enrolment', () => {
  const good = enrolment(OPERATOR, FIRST);

  test('comes back as it was, and is found by its attestation key', () => {
    const statement = sent(keyEnrolmentStatement(good));
    expect(readKeyEnrolment(statement)).toEqual(good);
    expect(statement.subject).toEqual([
      { name: `key/${FIRST.attestation.keyId}`, digest: { sha256: FIRST.attestation.keyId } },
    ]);
  });

  test('whose proofs were made for another operator is refused', () => {
    const replayed = { ...good, operator: operatorOf(RIVAL) };
    expect(() => read(replayed)).toThrow(refused('BAD_PROOF'));
  });

  test.each<[string, Partial<KeyEnrolment>]>([
    ['another operator name', { operator: { ...operatorOf(OPERATOR), name: 'Else' } }],
    ['another period', { validUntil: '2028-01-01T00:00:00Z' }],
    ['another witness key', { keys: { ...good.keys, witness: rawText(SECOND.witness) } }],
    ['another NATS key', { keys: { ...good.keys, nats: keySetOf(SECOND).nats } }],
  ])('whose proofs were made for %s is refused', (_what, over) => {
    expect(() => read({ ...good, ...over })).toThrow(refused('BAD_PROOF'));
  });

  test.each(['attestation', 'witness', 'nats'] as const)(
    'that its %s key did not sign is refused, though another of its keys did',
    (place) => {
      const other = place === 'attestation' ? 'witness' : 'attestation';
      const proofs = { ...good.proofs, [place]: good.proofs[other] };
      expect(() => read({ ...good, proofs })).toThrow(refused('BAD_PROOF'));
    },
  );

  test('with a proof that its key made for another place is refused', () => {
    const { proofs, ...claim } = good;
    const challenge = possessionChallenge(KEY_ENROLMENT, 'attestation', claim);
    const witness = toBase64(FIRST.witness.sign(challenge));
    expect(() => read({ ...good, proofs: { ...proofs, witness } })).toThrow(refused('BAD_PROOF'));
  });

  test.each<[string, () => KeyEnrolment]>([
    ['attests and witnesses', () => enrolment(OPERATOR, { ...FIRST, witness: FIRST.attestation })],
    ['witnesses and logs in', () => enrolment(OPERATOR, { ...FIRST, nats: FIRST.witness })],
    ['attests and logs in', () => enrolment(OPERATOR, { ...FIRST, nats: FIRST.attestation })],
    ['is its operator’s', () => enrolment(FIRST.nats, FIRST)],
  ])('of a key that %s is refused', (_what, make) => {
    expect(() => read(make())).toThrow(refused('SHARED_KEY'));
  });

  test('under the id of another builder is refused', () => {
    const claimed = enrolment(OPERATOR, FIRST, { builder: SECOND.attestation.id });
    expect(() => read(claimed)).toThrow(refused('WRONG_BUILDER'));
  });

  test('by an operator under the id of another is refused', () => {
    const operator = { ...operatorOf(OPERATOR), id: RIVAL.id };
    expect(() => read(enrolment(OPERATOR, FIRST, { operator }))).toThrow(refused('WRONG_OPERATOR'));
  });

  test.each([
    ['attestation', 'attestation', toBase64(new Uint8Array(32))],
    ['witness', 'witness', toBase64(new Uint8Array(32))],
    ['NATS', 'nats', natsKeyText(new Uint8Array(32))],
  ])('with a %s key of small order is refused', (_what, place, key) => {
    const keys = { ...good.keys, [place]: key };
    expect(() => read(enrolment(OPERATOR, FIRST, { keys }))).toThrow(refused('SMALL_ORDER_KEY'));
  });

  test('by an operator with a key of small order is refused', () => {
    const operator = { ...operatorOf(OPERATOR), publicKey: toBase64(new Uint8Array(32)) };
    expect(() => read({ ...good, operator })).toThrow(refused('SMALL_ORDER_KEY'));
  });

  test.each<[string, object]>([
    ['is over before it begins', { validUntil: '2025-01-01T00:00:00Z' }],
    ['never begins', { validUntil: good.validFrom }],
    ['is valid for six years', { validUntil: '2032-01-01T00:00:00Z' }],
    ['has a time of 100 characters', { validFrom: `2026-01-01T00:00:00.${'0'.repeat(80)}Z` }],
    ['has a past', { previous: good.keys.attestation }],
    ['says more than it may', { note: 'x' }],
    ['has a long operator name', { operator: { ...good.operator, name: 'x'.repeat(201) } }],
    ['has an operator name in two lines', { operator: { ...good.operator, name: 'a\nb' } }],
    ['has a NATS account', { keys: { ...good.keys, nats: `A${good.keys.nats.slice(1)}` } }],
    ['has a cut proof', { proofs: { ...good.proofs, nats: good.proofs.nats.slice(4) } }],
    ['has no witness', { keys: { attestation: good.keys.attestation, nats: good.keys.nats } }],
  ])('that %s is refused as malformed', (_what, over) => {
    const statement = keyEnrolmentStatement(good);
    const predicate = { ...good, ...over };
    expect(() => readKeyEnrolment(sent({ ...statement, predicate }))).toThrow(
      refused('MALFORMED_STATEMENT'),
    );
  });

  test('whose subject is another key is refused', () => {
    const statement = keyEnrolmentStatement(good);
    const { subject } = keyEnrolmentStatement(enrolment(OPERATOR, SECOND));
    for (const wrong of [subject, [...statement.subject, ...subject], [{ name: 'key' }]]) {
      expect(() => readKeyEnrolment({ ...statement, subject: wrong })).toThrow(
        refused('WRONG_SUBJECT'),
      );
    }
  });

  test('is nothing else', () => {
    expect(() => readKeyEnrolment(sent(commitStatement(COMMIT)))).toThrow(refused('WRONG_KIND'));
    expect(isKeyStatement(commitStatement(COMMIT))).toBe(false);
    expect(isKeyStatement(keyEnrolmentStatement(good))).toBe(true);
  });
});

describe('a challenge', () => {
  const { proofs, ...claim } = enrolment(OPERATOR, FIRST);

  test('names its purpose, the operator, the builder and every key', () => {
    const text = Buffer.from(possessionChallenge(KEY_ENROLMENT, 'witness', claim)).toString();
    const { attestation, witness, nats } = claim.keys;
    for (const named of [
      OPERATOR.id,
      rawText(OPERATOR),
      claim.builder,
      attestation,
      witness,
      nats,
    ]) {
      expect(text).toContain(named);
    }
    for (const proof of Object.values(proofs)) expect(text).not.toContain(proof);
    expect(text.split('\n').slice(0, 3)).toEqual([
      'https://repro-quorum.dev/ns/key-possession/v1',
      'https://repro-quorum.dev/ns/key-enrolment/v1',
      'witness',
    ]);
  });

  test('is no pre-authentication encoding: no proof is ever an attestation’s signature', () => {
    const challenge = possessionChallenge(KEY_ENROLMENT, 'witness', claim);
    const head = Buffer.from(preAuthEncoding('', new Uint8Array())).subarray(0, 6);
    expect(Buffer.from(challenge).subarray(0, 6)).not.toEqual(head);
  });
});

describe('a rotation', () => {
  const good = rotation(OPERATOR, FIRST, SECOND);

  test.each([true, false])('comes back as it was, with the old key’s signature: %s', (signs) => {
    const said = rotation(OPERATOR, FIRST, SECOND, {}, signs);
    expect(readKeyRotation(sent(keyRotationStatement(said)))).toEqual(said);
    expect(said.proofs.old === null).toBe(!signs);
  });

  test.each<[string, object, string]>([
    ['under another operator', { operator: operatorOf(RIVAL) }, 'BAD_PROOF'],
    ['of another builder', { builder: SECOND.attestation.id }, 'BAD_PROOF'],
    ['for another reason', { reason: 'stolen' }, 'BAD_PROOF'],
    ['with the old key’s proof in a new key’s place', proofs('attestation', 'old'), 'BAD_PROOF'],
    ['with a new key’s proof in the old key’s place', proofs('old', 'attestation'), 'BAD_PROOF'],
    ['without a new key’s proof', { proofs: { old: good.proofs.old } }, 'MALFORMED_STATEMENT'],
    ['for no reason', { reason: '' }, 'MALFORMED_STATEMENT'],
    ['for a long reason', { reason: 'x'.repeat(201) }, 'MALFORMED_STATEMENT'],
    ['that is valid never', { validUntil: good.validFrom }, 'MALFORMED_STATEMENT'],
    ['of another key than its subject', { oldKey: rawText(RIVAL) }, 'WRONG_SUBJECT'],
  ])('%s is refused', (_what, over, code) => {
    const statement = keyRotationStatement(good);
    const predicate = { ...good, ...over };
    expect(() => readKeyRotation(sent({ ...statement, predicate }))).toThrow(refused(code));
  });

  test('of a key to itself is refused', () => {
    const said = rotation(OPERATOR, FIRST, { ...SECOND, attestation: FIRST.attestation });
    expect(() => readKeyRotation(keyRotationStatement(said))).toThrow(refused('SHARED_KEY'));
  });

  test('does not take the proofs of an enrolment', () => {
    const { proofs: old, ...claim } = good;
    const enrolling = possessionChallenge(KEY_ENROLMENT, 'nats', claim);
    const nats = toBase64(SECOND.nats.sign(enrolling));
    const said = { ...claim, proofs: { ...old, nats } };
    expect(() => readKeyRotation(keyRotationStatement(said))).toThrow(refused('BAD_PROOF'));
    expect(enrolling).not.toEqual(possessionChallenge(KEY_ROTATION, 'nats', claim));
  });

  function proofs(place: string, from: 'old' | 'attestation'): object {
    return { proofs: { ...good.proofs, [place]: good.proofs[from] } };
  }
});

describe('a revocation', () => {
  const good = revocation(OPERATOR, FIRST);

  test.each(['compromised', 'lost', 'retired', 'superseded'] as const)(
    'for being %s comes back',
    (reason) => {
      const said = { ...good, reason };
      expect(readKeyRevocation(sent(keyRevocationStatement(said)))).toEqual(said);
    },
  );

  test.each<[string, object, string]>([
    ['for no known reason', { reason: 'bored' }, 'MALFORMED_STATEMENT'],
    ['since some day', { since: 'yesterday' }, 'MALFORMED_STATEMENT'],
    ['that says more', { until: good.since }, 'MALFORMED_STATEMENT'],
    ['of another key than its subject', { key: rawText(RIVAL) }, 'WRONG_SUBJECT'],
    ['by no operator’s id', { operator: { ...good.operator, id: RIVAL.id } }, 'WRONG_OPERATOR'],
  ])('%s is refused', (_what, over, code) => {
    const statement = keyRevocationStatement(good);
    expect(() =>
      readKeyRevocation(sent({ ...statement, predicate: { ...good, ...over } })),
    ).toThrow(refused(code));
  });
});

describe('an envelope about keys', () => {
  const statement = keyEnrolmentStatement(enrolment(OPERATOR, FIRST));

  test('is opened by the key of the operator that it names', () => {
    expect(openKeyRecord(signStatement(statement, OPERATOR), 7)).toEqual({
      logIndex: 7,
      statement,
      signerKeyId: OPERATOR.keyId,
    });
  });

  test('that a builder’s key signed is refused, whatever its hint says', () => {
    const envelope = signStatement(statement, FIRST.attestation);
    const signatures = envelope.signatures.map((each) => ({ ...each, keyid: OPERATOR.keyId }));
    expect(() => openKeyRecord({ ...envelope, signatures }, 7)).toThrow(refused('BAD_SIGNATURE'));
  });

  test('that names no operator is refused', () => {
    const envelope = signStatement(commitStatement(COMMIT), OPERATOR);
    expect(() => openKeyRecord(envelope, 7)).toThrow(refused('MALFORMED_STATEMENT'));
  });
});
