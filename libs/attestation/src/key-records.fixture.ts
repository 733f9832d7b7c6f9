import { createPrivateKey, sign } from 'node:crypto';
import { toBase64 } from '#libs/encoding';
import {
  keyEnrolmentStatement,
  proveEnrolment,
  type KeyEnrolment,
  type KeyEnrolmentClaim,
} from './key-enrolment.js';
import type { KeyRecord } from './key-record.js';
import { keyRevocationStatement, type KeyRevocation } from './key-revocation.js';
import {
  keyRotationStatement,
  proveRotation,
  type KeyRotation,
  type KeyRotationClaim,
} from './key-rotation.js';
import type { KeySet, Operator } from './key-set.js';
import { natsKeyText } from './nats-key.js';
import { sampleSigner } from './sample.fixture.js';
import type { Signer } from './signer.js';
import type { Statement } from './statement.js';

/** The three signers of one set of keys. */
export type KeySigners = Readonly<Record<keyof KeySet, Signer>>;

const PKCS8_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex');

/** The same keys and signatures as {@link sampleSigner}'s, by node:crypto: properties sign a lot. */
export function quickSigner(byte: number): Signer {
  const der = Buffer.concat([PKCS8_PREFIX, Buffer.alloc(32, byte)]);
  const key = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  return {
    ...sampleSigner(byte),
    sign: (message) => new Uint8Array(sign(null, message, key)),
  };
}

/** Three signers from a byte on: the same keys in every run. */
export function signersFrom(byte: number): KeySigners {
  return {
    attestation: quickSigner(byte),
    witness: quickSigner(byte + 1),
    nats: quickSigner(byte + 2),
  };
}

export const OPERATOR = quickSigner(100);
export const RIVAL = quickSigner(101);
export const FIRST = signersFrom(110);
export const SECOND = signersFrom(120);
export const THIRD = signersFrom(130);

export const rawText = (signer: Signer): string => toBase64(signer.publicKey);
export const operatorOf = (signer: Signer): Operator => ({
  id: signer.id,
  name: 'Somebody & Sons',
  publicKey: rawText(signer),
});
export const keySetOf = ({ attestation, witness, nats }: KeySigners): KeySet => ({
  attestation: rawText(attestation),
  witness: rawText(witness),
  nats: natsKeyText(nats.publicKey),
});

const PERIOD = { validFrom: '2026-01-01T00:00:00Z', validUntil: '2027-01-01T00:00:00Z' };

/** An enrolment by all who have to agree, with parts of its claim replaced before they sign. */
export function enrolment(
  operator: Signer,
  signers: KeySigners,
  over: Partial<KeyEnrolmentClaim> = {},
): KeyEnrolment {
  const claim: KeyEnrolmentClaim = {
    operator: operatorOf(operator),
    builder: signers.attestation.id,
    keys: keySetOf(signers),
    ...PERIOD,
    previous: null,
    ...over,
  };
  return proveEnrolment(claim, signers);
}

/** A rotation of a builder whose first key was the old one, unless told otherwise. */
export function rotation(
  operator: Signer,
  old: KeySigners,
  signers: KeySigners,
  over: Partial<KeyRotationClaim> = {},
  doesOldSign = true,
): KeyRotation {
  const claim: KeyRotationClaim = {
    operator: operatorOf(operator),
    builder: old.attestation.id,
    keys: keySetOf(signers),
    ...PERIOD,
    oldKey: rawText(old.attestation),
    reason: 'every year',
    ...over,
  };
  return proveRotation(claim, { ...signers, old: doesOldSign ? old.attestation : null });
}

/** A revocation of a builder's first key, unless told otherwise. */
export function revocation(
  operator: Signer,
  signers: KeySigners,
  over: Partial<KeyRevocation> = {},
): KeyRevocation {
  return {
    operator: operatorOf(operator),
    builder: signers.attestation.id,
    key: rawText(signers.attestation),
    reason: 'compromised',
    since: '2026-06-01T00:00:00Z',
    ...over,
  };
}

/** A statement about keys as it is logged, by whoever signs. */
export interface Signed {
  readonly statement: Statement;
  readonly signer: Signer;
}
export const enrolled = (...given: Parameters<typeof enrolment>): Signed => ({
  statement: keyEnrolmentStatement(enrolment(...given)),
  signer: given[0],
});
export const rotated = (...given: Parameters<typeof rotation>): Signed => ({
  statement: keyRotationStatement(rotation(...given)),
  signer: given[0],
});
export const revoked = (...given: Parameters<typeof revocation>): Signed => ({
  statement: keyRevocationStatement(revocation(...given)),
  signer: given[0],
});

/** Records at log indices 10, 20, 30 and so on. */
export function logOf(...signed: readonly Signed[]): KeyRecord[] {
  return signed.map(({ statement, signer }, at) => ({
    logIndex: 10 * (at + 1),
    statement,
    signerKeyId: signer.keyId,
  }));
}
