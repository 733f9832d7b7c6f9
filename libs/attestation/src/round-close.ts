import { z } from 'zod';
import { Actor } from './admin-act.js';
import { AttestationError } from './error.js';
import { readPredicate, Sha256Text, Time, type Statement } from './statement.js';
import { ROUND_CLOSE, STATEMENT_TYPE } from './type-uri.js';

/** Why a round stopped taking commits; `all-accounted`: everybody committed or declined. */
export const CloseReason = z.enum(['all-committed', 'all-accounted', 'deadline', 'requested']);

/** The coordinator's word that no later commit counts. What counts is its log index, not its time. */
export const RoundClose = z.object({
  round: Sha256Text,
  closedAt: Time,
  reason: CloseReason,
  /** Who asked for it, where somebody did. */
  by: Actor.optional(),
});
export type RoundClose = z.infer<typeof RoundClose>;

/** Makes the statement that closes a round. */
export function roundCloseStatement(close: RoundClose): Statement {
  return {
    _type: STATEMENT_TYPE,
    subject: [{ name: `round/${close.round}`, digest: { sha256: close.round } }],
    predicateType: ROUND_CLOSE,
    predicate: close,
  };
}

/**
 * Reads a RoundClose.
 *
 * @throws AttestationError MALFORMED_STATEMENT, WRONG_KIND, WRONG_ROUND
 */
export function readRoundClose(statement: Statement): RoundClose {
  const close = readPredicate(statement, ROUND_CLOSE, RoundClose);
  if (statement.subject[0]?.digest?.['sha256'] !== close.round) {
    throw new AttestationError('WRONG_ROUND', 'the subject of a close has to be its round');
  }
  return close;
}
