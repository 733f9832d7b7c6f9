import {
  keyEnrolmentStatement,
  keyRevocationStatement,
  keyRotationStatement,
  natsKeyText,
  proveEnrolment,
  proveRotation,
  signStatement,
  type Envelope,
  type KeyEnrolmentClaim,
  type KeyRevocation,
  type KeyRotationClaim,
  type KeySet,
  type Operator,
  type Signer,
} from '#libs/attestation';
import { toBase64 } from '#libs/encoding';

const DAY_MS = 86_400_000;

/** The three keys of a builder, with their secrets. */
export type HandKeys = Readonly<Record<keyof KeySet, Signer>>;

/** Names an operator by its key. */
export function makeOperator({ id, publicKey }: Signer, name = 'Somebody & Sons'): Operator {
  return { id, name, publicKey: toBase64(publicKey) };
}

/** Gives a period around now: from so many days ago until so many days ahead. */
export function makePeriod(
  fromDays = -1,
  untilDays = 365,
): { readonly validFrom: string; readonly validUntil: string } {
  const at = (days: number): string => new Date(Date.now() + days * DAY_MS).toISOString();
  return { validFrom: at(fromDays), validUntil: at(untilDays) };
}

/** Enrols a builder as its operator would; `over` makes the record say something else. */
export function signEnrolment(
  operator: Signer,
  keys: HandKeys,
  over: Partial<KeyEnrolmentClaim> = {},
): Envelope {
  const claim: KeyEnrolmentClaim = {
    operator: makeOperator(operator),
    builder: keys.attestation.id,
    keys: publicOf(keys),
    ...makePeriod(),
    previous: null,
    ...over,
  };
  return signStatement(keyEnrolmentStatement(proveEnrolment(claim, keys)), operator);
}

/** Rotates a builder's keys; `isLost` leaves the old key's signature out. */
export function signRotation(
  operator: Signer,
  old: Signer,
  keys: HandKeys,
  over: Partial<KeyRotationClaim> = {},
  isLost = false,
): Envelope {
  const claim: KeyRotationClaim = {
    operator: makeOperator(operator),
    builder: old.id,
    keys: publicOf(keys),
    ...makePeriod(),
    oldKey: toBase64(old.publicKey),
    reason: 'every year',
    ...over,
  };
  const proven = proveRotation(claim, { ...keys, old: isLost ? null : old });
  return signStatement(keyRotationStatement(proven), operator);
}

/** Revokes a builder's key. */
export function signRevocation(
  operator: Signer,
  key: Signer,
  over: Partial<KeyRevocation> = {},
): Envelope {
  const revocation: KeyRevocation = {
    operator: makeOperator(operator),
    builder: key.id,
    key: toBase64(key.publicKey),
    reason: 'compromised',
    since: makePeriod().validFrom,
    ...over,
  };
  return signStatement(keyRevocationStatement(revocation), operator);
}

function publicOf({ attestation, witness, nats }: HandKeys): KeySet {
  return {
    attestation: toBase64(attestation.publicKey),
    witness: toBase64(witness.publicKey),
    nats: natsKeyText(nats.publicKey),
  };
}
