import { fromBase64, toHex } from '#libs/encoding';
import { AttestationError } from './error.js';
import type { KeyEnrolment } from './key-enrolment.js';
import type { KeyFinding, KeyFindingCode, KeyLife, KeyUse } from './key-life.js';
import { readKeyEvent, type KeyEvent, type KeyRecord } from './key-record.js';
import type { KeyRevocation } from './key-revocation.js';
import type { KeyRotation } from './key-rotation.js';
import { rawKeysOf } from './key-set.js';
import { keyIdOf } from './key.js';

/** Everything that a log says of keys. */
export interface KeyHistory {
  /** By hex of the 32 raw bytes: what a key is for, and the base64 attestation key of its life. */
  readonly uses: ReadonlyMap<string, { readonly use: KeyUse; readonly life: string | null }>;
  /** By the base64 attestation key of the set. */
  readonly lives: ReadonlyMap<string, KeyLife>;
  /** The records that count for nothing, in log order. */
  readonly findings: readonly KeyFinding[];
  /** Log index of the last record that was in its order; -1 before the first. */
  readonly lastIndex: number;
}

const NOTHING: KeyHistory = { uses: new Map(), lives: new Map(), findings: [], lastIndex: -1 };

interface Draft {
  readonly uses: Map<string, { readonly use: KeyUse; readonly life: string | null }>;
  readonly lives: Map<string, KeyLife>;
}
type Refusal = readonly [KeyFindingCode, string];

/**
 * Folds a log's key records into the life of every key. A record that is wrong in any way changes
 * nothing and becomes a finding; none makes it throw. Every key in an accepted record has signed, so
 * nobody can take a key that is not theirs; the first record that enrols a key has it for ever.
 *
 * @param records in log order, each verified with the key whose id it carries
 * @param before the history that these records continue, which stays as it is; reading a record's
 *   proofs is what costs, so nobody who keeps a history has to read them twice
 */
export function keyHistory(records: Iterable<KeyRecord>, before: KeyHistory = NOTHING): KeyHistory {
  const draft: Draft = { uses: new Map(before.uses), lives: new Map(before.lives) };
  const findings: KeyFinding[] = [...before.findings];
  let last = before.lastIndex;
  for (const record of records) {
    const { logIndex } = record;
    // NaN is above nothing, so it ends here too.
    const isNext = Number.isSafeInteger(logIndex) && logIndex > last;
    if (isNext) last = logIndex;
    const refusal: Refusal | null = isNext
      ? apply(draft, record)
      : ['out-of-order', `record has log index ${logIndex}: expected one above ${last}`];
    if (refusal !== null) findings.push({ logIndex, code: refusal[0], message: refusal[1] });
  }
  return { ...draft, findings, lastIndex: last };
}

function apply(draft: Draft, { logIndex, statement, signerKeyId }: KeyRecord): Refusal | null {
  let event: KeyEvent;
  try {
    event = readKeyEvent(statement);
  } catch (error) {
    if (error instanceof AttestationError) return ['unreadable', `${error.code}: ${error.message}`];
    throw error;
  }
  const { operator } = event.said;
  if (signerKeyId !== keyIdOf(fromBase64(operator.publicKey))) {
    return ['foreign-signature', `operator ${operator.id} is named and did not sign`];
  }
  switch (event.kind) {
    case 'enrolment':
      return enrol(draft, logIndex, event.said);
    case 'rotation':
      return rotate(draft, logIndex, event.said);
    case 'revocation':
      return revoke(draft, logIndex, event.said);
  }
}

function enrol(draft: Draft, logIndex: number, said: KeyEnrolment): Refusal | null {
  const operatorKey = toHex(fromBase64(said.operator.publicKey));
  const known = draft.uses.get(operatorKey)?.use ?? 'operator';
  // Else a thief of a builder's key could pose with it as an operator.
  if (known !== 'operator') return ['known-key', `the operator's key is a builder's ${known} key`];
  const refusal = bear(draft, logIndex, said);
  if (refusal === null) draft.uses.set(operatorKey, { use: 'operator', life: null });
  return refusal;
}

function rotate(draft: Draft, logIndex: number, said: KeyRotation): Refusal | null {
  const old = ownLife(draft, said, said.oldKey);
  if (Array.isArray(old)) return old;
  if (old.rotatedAt !== null) {
    return ['already-rotated', `its keys were rotated at log index ${old.rotatedAt}`];
  }
  if (old.revocations.some(({ reason }) => reason === 'retired')) {
    return ['retired', `builder ${old.builder} is retired: enrol a new one with new keys`];
  }
  if (said.proofs.old === null && old.revocations.length === 0) {
    return ['no-old-signature', 'the old key did not sign and is not revoked: revoke it first'];
  }
  const refusal = bear(draft, logIndex, said);
  if (refusal === null) draft.lives.set(said.oldKey, { ...old, rotatedAt: logIndex });
  return refusal;
}

function revoke(draft: Draft, logIndex: number, said: KeyRevocation): Refusal | null {
  const life = ownLife(draft, said, said.key);
  if (Array.isArray(life)) return life;
  const { reason, since, sinceIndex } = said;
  const [first] = life.revocations;
  // Worse news may follow better, and nothing is ever taken back.
  const isWorse =
    reason === 'compromised' && life.revocations.every((each) => each.reason !== 'compromised');
  if (first !== undefined && !isWorse) {
    return ['already-revoked', `the key was revoked at log index ${first.logIndex}`];
  }
  const revocation = { logIndex, reason, since, ...(sinceIndex !== undefined && { sinceIndex }) };
  const revocations = [...life.revocations, revocation];
  draft.lives.set(said.key, { ...life, revocations });
  return null;
}

/** Brings a set of keys to life, unless one of them is known. */
function bear(draft: Draft, logIndex: number, said: KeyEnrolment | KeyRotation): Refusal | null {
  const raw = rawKeysOf(said.keys);
  const places = (['attestation', 'witness', 'nats'] as const).map(
    (use) => [use, toHex(raw[use])] as const,
  );
  for (const [use, key] of places) {
    const known = draft.uses.get(key);
    if (known !== undefined) {
      return ['known-key', `its ${use} key ${key} was enrolled before, as ${known.use} key`];
    }
  }
  const life = said.keys.attestation;
  for (const [use, key] of places) draft.uses.set(key, { use, life });
  const { operator, builder, keys, validFrom, validUntil } = said;
  draft.lives.set(life, {
    ...{ operator, builder, keys, validFrom, validUntil },
    ...{ bornAt: logIndex, rotatedAt: null, revocations: [] },
  });
  return null;
}

/** Finds the life of a key that a record is about, if it is its operator's and builder's. */
function ownLife(
  draft: Draft,
  said: KeyRotation | KeyRevocation,
  key: string,
): KeyLife | [KeyFindingCode, string] {
  const life = draft.lives.get(key);
  if (life === undefined) return ['unknown-key', `${key} was never enrolled as attestation key`];
  if (life.operator.publicKey !== said.operator.publicKey) {
    return [
      'foreign-operator',
      `the key is operator ${life.operator.id}'s, not ${said.operator.id}'s`,
    ];
  }
  if (life.builder !== said.builder) {
    return ['foreign-builder', `the key is builder ${life.builder}'s, not ${said.builder}'s`];
  }
  return life;
}
