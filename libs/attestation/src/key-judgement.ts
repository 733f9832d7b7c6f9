import { toBase64, toHex } from '#libs/encoding';
import { AttestationError, type AttestationErrorCode } from './error.js';
import type { KeyHistory } from './key-history.js';
import type { KeyLife } from './key-life.js';
import { keyStateAt, type KeyStanding, type KeyState } from './key-state.js';

/** A builder's statement, as far as its key's life is concerned. */
export interface JudgedStatement {
  readonly builder: string;
  /** 32 raw bytes: the key that the statement was verified with. */
  readonly publicKey: Uint8Array;
  /** The statement's own. */
  readonly logIndex: number;
  /** RFC 3339 time that the period of validity is held against; null where none is known. */
  readonly at: string | null;
}

const REFUSALS: Readonly<
  Record<Exclude<KeyState, 'active'>, readonly [AttestationErrorCode, string]>
> = {
  unknown: ['UNKNOWN_KEY', 'is no attestation key of it, or is not valid yet'],
  expired: ['EXPIRED_KEY', 'has expired: rotate it'],
  rotated: ['ROTATED_KEY', 'was replaced by a rotation: sign with the newer one'],
  revoked: ['REVOKED_KEY', 'was revoked: rotate it, or enrol a new builder'],
};

/** Gives the newest set of keys of a builder; null for one that the log says nothing of. */
export function newestKeys(history: KeyHistory, builder: string): KeyLife | null {
  const own = [...history.lives.values()].filter((life) => life.builder === builder);
  return own.find(({ rotatedAt }) => rotatedAt === null) ?? null;
}

/**
 * Refuses a builder's statement by a key that was not its active attestation key at the statement's
 * log index. Gives the key's standing; null where the log says nothing of builder and key, so that
 * nobody but a roster vouches for them.
 *
 * @throws AttestationError REVOKED_KEY, ROTATED_KEY, EXPIRED_KEY; UNKNOWN_KEY for one that is not
 *   valid yet, was enrolled for another use, or is not among an enrolled builder's; WRONG_BUILDER for
 *   another builder's
 */
export function checkKeyAt(history: KeyHistory, judged: JudgedStatement): KeyStanding | null {
  const { builder, publicKey, logIndex, at } = judged;
  const standing = keyStateAt(history, publicKey, logIndex, at);
  const { state, owner } = standing;
  if (owner === null && !isTold(history, judged)) return null;
  if (owner !== null && owner.builder !== builder) {
    throw new AttestationError(
      'WRONG_BUILDER',
      `the key is builder ${owner.builder}'s, not ${builder}'s`,
    );
  }
  if (state === 'active') return standing;
  const [code, what] = REFUSALS[state];
  const where = standing.logIndex === null ? '' : ` (log index ${standing.logIndex})`;
  throw new AttestationError(code, `builder ${builder}: its key ${what}${where}`);
}

/**
 * Tells whether a statement was signed when somebody else may have held its key: at or after the log
 * index that the operator named when it told of the compromise, or at which it told, where it named
 * none. For auditors, who may learn of it long after: what was logged before is in the log for good.
 */
export function isCompromisedAt(
  { lives }: KeyHistory,
  publicKey: Uint8Array,
  logIndex: number,
): boolean {
  const revocations = lives.get(toBase64(publicKey))?.revocations ?? [];
  return revocations.some(
    ({ reason, logIndex: toldAt, sinceIndex = toldAt }) =>
      reason === 'compromised' && logIndex >= Math.min(sinceIndex, toldAt),
  );
}

/** Whether the log, as it stood, says anything of the key in any use, or of the builder. */
function isTold(
  { uses, lives }: KeyHistory,
  { builder, publicKey, logIndex }: JudgedStatement,
): boolean {
  const use = uses.get(toHex(publicKey));
  // An operator's key has no life of its own, and is nobody's to attest with at any time.
  if (use !== undefined && (use.life === null || isBorn(lives.get(use.life), logIndex)))
    return true;
  return [...lives.values()].some((life) => life.builder === builder && isBorn(life, logIndex));
}

function isBorn(life: KeyLife | undefined, logIndex: number): boolean {
  return life !== undefined && logIndex >= life.bornAt;
}
