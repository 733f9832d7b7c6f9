import { describe, expect, test } from 'vitest';
import { keyHistory, openKeyRecord, type Envelope, type Signer } from '#libs/attestation';
import { makeSigner, signEnrolment, signRevocation, signRotation } from '#libs/testing';
import { formatCosignerVkey, formatVkey, parsePolicy } from '#libs/tlog';
import { witnessKeyConflicts } from './witness-keys.js';

const [ann, first, second] = [1, 10, 20].map((seed) => ({
  attestation: makeSigner(seed),
  witness: makeSigner(seed + 1),
  nats: makeSigner(seed + 2),
})) as [Keys, Keys, Keys];
interface Keys {
  readonly attestation: Signer;
  readonly witness: Signer;
  readonly nats: Signer;
}
const operator = ann.nats;
const { id } = first.attestation;

/** What is wrong with a policy of one witness, after these records. */
function conflicts(keyName: string, key: Signer, ...records: readonly Envelope[]) {
  const policy = parsePolicy(
    [
      `log ${formatVkey('log.example', makeSigner(99).publicKey)}`,
      `witness w ${formatCosignerVkey(keyName, key.publicKey)}`,
      'quorum w',
      '',
    ].join('\n'),
  );
  const history = keyHistory(records.map((envelope, at) => openKeyRecord(envelope, at)));
  expect(history.findings).toEqual([]);
  return witnessKeyConflicts(policy, history).map(
    ({ witness, message }) => `${witness}: ${message}`,
  );
}
const enrolled = signEnrolment(operator, first);

describe('a witness in the policy', () => {
  test.each<[string, () => readonly string[]]>([
    ['of whom nothing is enrolled', () => conflicts(id, makeSigner(50))],
    ['who is nobody’s agent', () => conflicts('witness.example', makeSigner(50), enrolled)],
    ['with the key that its builder enrolled', () => conflicts(id, first.witness, enrolled)],
    [
      'with the key that its builder rotated to',
      () =>
        conflicts(id, second.witness, enrolled, signRotation(operator, first.attestation, second)),
    ],
    [
      'whose keys were revoked: that is told where they are used',
      () => conflicts(id, first.witness, enrolled, signRevocation(operator, first.attestation)),
    ],
  ])('%s is not spoken of', (_, found) => {
    expect(found()).toEqual([]);
  });

  test.each<[string, () => readonly string[], string]>([
    [
      'with another key than its builder enrolled',
      () => conflicts(id, makeSigner(50), enrolled),
      'put the newer one into the policy',
    ],
    [
      'with a key that its builder has rotated since',
      () =>
        conflicts(id, first.witness, enrolled, signRotation(operator, first.attestation, second)),
      'put the newer one into the policy',
    ],
    [
      'with a builder’s key under the name of an outside witness',
      () => conflicts('witness.example', first.witness, enrolled),
      `builder ${id} enrolled it`,
    ],
    [
      'with one builder’s key under the id of another',
      () => conflicts(second.attestation.id, first.witness, enrolled),
      `builder ${id} enrolled it`,
    ],
    [
      'with the key that its builder signs results with',
      () => conflicts(id, first.attestation, enrolled),
      'enrolled as attestation key',
    ],
    [
      'with an operator’s key',
      () => conflicts('witness.example', operator, enrolled),
      'enrolled as operator key',
    ],
  ])('%s is told, once, with what mends it', (_, found, said) => {
    expect(found()).toEqual([expect.stringContaining(said)]);
    expect(found()[0]).toMatch(/^w: /);
  });
});
