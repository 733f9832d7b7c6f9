import { z } from 'zod';
import { AttestationError } from './error.js';
import { Id, readPredicate, Sha256Text, Time, type Statement } from './statement.js';
import { BUILD_CANCEL, STATEMENT_TYPE } from './type-uri.js';

/** Why a coordinator wants a build to end. */
export const CancelReason = z.enum(['requested', 'replaced', 'retired', 'revoked']);

/**
 * The coordinator's order that one builder stops building for one round. It is not logged: it takes no
 * vote away that was committed to, and a builder that gives none is as one that vanished.
 */
export const BuildCancel = z.object({
  round: Sha256Text,
  builder: Id,
  reason: CancelReason,
  at: Time,
});
export type BuildCancel = z.infer<typeof BuildCancel>;

/** Makes the statement that ends a build. */
export function buildCancelStatement(cancel: BuildCancel): Statement {
  return {
    _type: STATEMENT_TYPE,
    subject: [{ name: `round/${cancel.round}`, digest: { sha256: cancel.round } }],
    predicateType: BUILD_CANCEL,
    predicate: cancel,
  };
}

/**
 * Reads an order to stop.
 *
 * @throws AttestationError MALFORMED_STATEMENT, WRONG_KIND, WRONG_ROUND
 */
export function readBuildCancel(statement: Statement): BuildCancel {
  const cancel = readPredicate(statement, BUILD_CANCEL, BuildCancel);
  if (statement.subject[0]?.digest?.['sha256'] !== cancel.round) {
    throw new AttestationError('WRONG_ROUND', 'the subject of a cancel has to be its round');
  }
  return cancel;
}
