import { z } from 'zod';
import { AttestationError } from './error.js';
import { Id, readPredicate, Sha256Text, Time, type Statement } from './statement.js';
import { DECLINE, STATEMENT_TYPE } from './type-uri.js';

/**
 * Why a builder does not build. `busy`: others are before it, for too long; `paused`, `draining`: its
 * operator said so beforehand; `outside-hours`: the machine is not a builder's at this time;
 * `unsupported-era`, `not-enough-disk`, `not-enough-memory`: it cannot; `operator`: its operator says
 * so of this very round.
 */
export const DeclineReason = z.enum([
  'busy',
  'paused',
  'draining',
  'outside-hours',
  'unsupported-era',
  'not-enough-disk',
  'not-enough-memory',
  'operator',
]);
export type DeclineReason = z.infer<typeof DeclineReason>;

/**
 * A builder's word that nobody needs to wait for it in a round. It says nothing of the release and is
 * no vote: whoever declines is counted as who said nothing. Until the round closes a commit takes it
 * back.
 */
export const Decline = z.object({
  round: Sha256Text,
  builder: Id,
  reason: DeclineReason,
  declinedAt: Time,
});
export type Decline = z.infer<typeof Decline>;

/** Makes the statement by which a builder declines a round. */
export function declineStatement(decline: Decline): Statement {
  return {
    _type: STATEMENT_TYPE,
    subject: [{ name: `round/${decline.round}`, digest: { sha256: decline.round } }],
    predicateType: DECLINE,
    predicate: decline,
  };
}

/**
 * Reads a decline and refuses one whose subject and predicate name different rounds.
 *
 * @throws AttestationError MALFORMED_STATEMENT, WRONG_KIND, WRONG_ROUND
 */
export function readDecline(statement: Statement): Decline {
  const decline = readPredicate(statement, DECLINE, Decline);
  if (statement.subject[0]?.digest?.['sha256'] !== decline.round) {
    throw new AttestationError('WRONG_ROUND', 'the subject of a decline has to be its round');
  }
  return decline;
}
