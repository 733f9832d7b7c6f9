import { toHex } from '#libs/encoding';
import type { KeyHistory } from './key-history.js';
import type { KeyLife, KeyUse, LoggedRevocation } from './key-life.js';
import type { Operator } from './key-set.js';

/** What a key was at some log index. Statements by any but an `active` key are refused. */
export type KeyState = 'unknown' | 'active' | 'expired' | 'rotated' | 'revoked';

/** A key at some log index, and the record that made it so. */
export interface KeyStanding {
  readonly state: KeyState;
  /** Log index of the record that made it so; null where there is none. */
  readonly logIndex: number | null;
  /** Whose key it is; null before it is anybody's. */
  readonly owner: { readonly builder: string; readonly operator: Operator } | null;
  /** `later-revoked`: counts, and was found compromised afterwards. */
  readonly flags: readonly 'later-revoked'[];
  /** The revocation that the state or the flag comes from. */
  readonly revocation: LoggedRevocation | null;
}

const UNKNOWN: KeyStanding = {
  state: 'unknown',
  logIndex: null,
  owner: null,
  flags: [],
  revocation: null,
};

/**
 * Gives the state of a key as a statement at a log index has to be judged: by the records up to that
 * index alone. Later ones change nothing but the flag. A key enrolled for another use is unknown.
 *
 * @param publicKey 32 raw bytes
 * @param logIndex the statement's own
 * @param at RFC 3339 time that the period of validity is held against (from is in it, until is not);
 *   without it the period is not judged. Before it a key is `unknown`; what is no time is outside.
 */
export function keyStateAt(
  history: KeyHistory,
  publicKey: Uint8Array,
  logIndex: number,
  at: string | null = null,
  use: Exclude<KeyUse, 'operator'> = 'attestation',
): KeyStanding {
  const found = history.uses.get(toHex(publicKey));
  const life = found?.use === use ? history.lives.get(found.life ?? '') : undefined;
  // Not `<`: what is no number has to end here.
  if (life === undefined || !(logIndex >= life.bornAt)) return UNKNOWN;
  const { operator, builder, bornAt, rotatedAt, revocations } = life;
  const owner = { builder, operator };
  const revocation = revocations.find((each) => each.logIndex <= logIndex) ?? null;
  if (revocation !== null) {
    return { state: 'revoked', logIndex: revocation.logIndex, owner, flags: [], revocation };
  }
  const later = revocations.find(({ reason }) => reason === 'compromised') ?? null;
  const rest = { owner, flags: later === null ? [] : (['later-revoked'] as const) };
  if (rotatedAt !== null && rotatedAt <= logIndex) {
    return { ...rest, state: 'rotated', logIndex: rotatedAt, revocation: later };
  }
  return { ...rest, state: periodState(life, at), logIndex: bornAt, revocation: later };
}

function periodState({ validFrom, validUntil }: KeyLife, at: string | null): KeyState {
  if (at === null) return 'active';
  const time = Date.parse(at);
  if (!(time >= Date.parse(validFrom))) return 'unknown';
  return time < Date.parse(validUntil) ? 'active' : 'expired';
}
