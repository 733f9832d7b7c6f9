import {
  AttestationError,
  checkKeyAt,
  newestKeys,
  type KeyHistory,
  type RosterBuilder,
  type RosterEntry,
} from '#libs/attestation';
import { fromBase64 } from '#libs/encoding';

/** A builder as it can be invited now, or why it cannot. */
export type Invitation =
  | { readonly kind: 'invited'; readonly as: RosterBuilder }
  | { readonly kind: 'refused'; readonly builder: string; readonly reason: string };

/** Everything that is logged counts. */
const NOW = Number.MAX_SAFE_INTEGER;

/**
 * Says by which key a builder of the roster file is invited. One whose keys were logged is invited by
 * its present one, with the index of the record that brought it; of another the file alone speaks.
 *
 * @param operatorKey base64 of the key that the roster binds the builder's operator to
 * @param at RFC 3339 time of the invitation
 */
export function invitationOf(
  history: KeyHistory,
  operatorKey: RosterEntry['publicKey'],
  listed: RosterBuilder,
  at: string,
): Invitation {
  const { builder } = listed;
  const life = newestKeys(history, builder);
  const as: RosterBuilder =
    life === null ? listed : { builder, publicKey: life.keys.attestation, keyIndex: life.bornAt };
  // Else a thief of an unenrolled key could enrol it as his own, and vote in its operator's place.
  if (life !== null && life.operator.publicKey !== operatorKey) {
    const reason = `it was enrolled by ${life.operator.id}, which is not its operator on the roster`;
    return { kind: 'refused', builder, reason };
  }
  try {
    checkKeyAt(history, { builder, publicKey: fromBase64(as.publicKey), logIndex: NOW, at });
    return { kind: 'invited', as };
  } catch (error) {
    if (!(error instanceof AttestationError)) throw error;
    return { kind: 'refused', builder, reason: error.message };
  }
}
