import { z } from 'zod';
import { fromBase64, toHex } from '#libs/encoding';
import { AttestationError } from './error.js';
import { checkPublicKey } from './key-check.js';
import { builderIdOf, keyIdOf } from './key.js';
import { natsKeyBytes } from './nats-key.js';
import { Bytes32, Id, Label, Time, type Resource, type Statement } from './statement.js';

const DAY_MS = 86_400_000;
const LONGEST_LIFE_MS = 5 * 366 * DAY_MS;

/** A time of bounded length. */
export const Moment = Time.max(30);

/**
 * Who answers for builders. `id` is the principal of `publicKey` and is what counts; `name` is for
 * people, and nothing is decided by it.
 */
export const Operator = z.strictObject({ id: Id, name: Label, publicKey: Bytes32 });
export type Operator = z.infer<typeof Operator>;

/**
 * The three keys of a builder, which live and die together: what signs its statements, what cosigns
 * checkpoints, and what it logs in to NATS with.
 */
export const KeySet = z.strictObject({
  attestation: Bytes32,
  witness: Bytes32,
  nats: z.string().regex(/^U[A-Z2-7]{55}$/, 'expected the public key of a NATS user'),
});
export type KeySet = z.infer<typeof KeySet>;

/** What of both enrolments and rotations brings a set of keys to life. */
export const KEY_SET_FIELDS = {
  operator: Operator,
  /** Principal of the builder's first attestation key, for ever. */
  builder: Id,
  keys: KeySet,
  validFrom: Moment,
  validUntil: Moment,
};

/** The raw bytes of each key of a set. */
export type RawKeys = Readonly<Record<keyof KeySet, Uint8Array>>;

/**
 * Decodes a set of keys.
 *
 * @throws AttestationError BAD_KEY for a NATS key with a wrong checksum
 */
export function rawKeysOf({ attestation, witness, nats }: KeySet): RawKeys {
  return {
    attestation: fromBase64(attestation),
    witness: fromBase64(witness),
    nats: natsKeyBytes(nats),
  };
}

/**
 * Refuses an operator whose id is not its key's, or whose key is unfit.
 *
 * @throws AttestationError WRONG_OPERATOR and the codes of `checkPublicKey`
 */
export function checkOperator({ id, publicKey }: Operator): void {
  const raw = fromBase64(publicKey);
  checkPublicKey(raw);
  const derived = builderIdOf(raw);
  if (derived !== id) {
    throw new AttestationError(
      'WRONG_OPERATOR',
      `statement names operator ${id} with the key of ${derived}: an operator's id is its key's principal`,
    );
  }
}

/**
 * Refuses keys that are unfit, or one key in two places: what is stolen from one place, or signed
 * for one purpose, must be good for no other.
 *
 * @throws AttestationError SHARED_KEY and the codes of `checkPublicKey`
 */
export function checkKeys(keys: readonly Uint8Array[]): void {
  for (const key of keys) checkPublicKey(key);
  if (new Set(keys.map(toHex)).size !== keys.length) {
    throw new AttestationError(
      'SHARED_KEY',
      'one key stands in two places: operator, attestation, witness and NATS keys are separate',
    );
  }
}

/**
 * Refuses a period that is empty or longer than five years.
 *
 * @throws AttestationError MALFORMED_STATEMENT
 */
export function checkPeriod(from: string, until: string): void {
  const lengthMs = Date.parse(until) - Date.parse(from);
  if (lengthMs > 0 && lengthMs <= LONGEST_LIFE_MS) return;
  throw new AttestationError(
    'MALFORMED_STATEMENT',
    `keys are valid from ${from} until ${until}: expected a period of at most five years`,
  );
}

/** Names keys as the subjects of a statement, so that it is found by any of them. */
export function keySubjects(...publicKeys: readonly string[]): Resource[] {
  return publicKeys.map((publicKey) => {
    const id = keyIdOf(fromBase64(publicKey));
    return { name: `key/${id}`, digest: { sha256: id } };
  });
}

/**
 * Refuses a statement whose subjects are other keys than its predicate is about.
 *
 * @throws AttestationError WRONG_SUBJECT
 */
export function checkSubjects({ subject }: Statement, ...publicKeys: readonly string[]): void {
  const wanted = keySubjects(...publicKeys).map(({ digest }) => digest?.['sha256']);
  const found = subject.map(({ digest }) => digest?.['sha256']);
  if (found.length === wanted.length && wanted.every((id, at) => found[at] === id)) return;
  throw new AttestationError('WRONG_SUBJECT', 'the subject has to be the keys that it is about');
}
