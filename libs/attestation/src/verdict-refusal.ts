import { z } from 'zod';
import { AttestationError } from './error.js';
import { Id, readPredicate, Sha256Text, type Statement } from './statement.js';
import { STATEMENT_TYPE, VERDICT_REFUSAL } from './type-uri.js';

/**
 * Why a builder does not countersign a verdict. `recomputed-otherwise`: the log gives another one.
 * `evidence-bad`: what it was shown does not verify. `not-logged`: the verdict is not in the log.
 */
export const RefusalReason = z.enum(['recomputed-otherwise', 'evidence-bad', 'not-logged']);
export type RefusalReason = z.infer<typeof RefusalReason>;

/** A builder's word that it does not stand behind a verdict. */
export const VerdictRefusal = z.object({
  round: Sha256Text,
  builder: Id,
  /** Of the verdict's payload. */
  verdictSha256: Sha256Text,
  reason: RefusalReason,
  message: z.string().max(500),
});
export type VerdictRefusal = z.infer<typeof VerdictRefusal>;

/** Makes the statement that refuses a verdict. */
export function verdictRefusalStatement(refusal: VerdictRefusal): Statement {
  return {
    _type: STATEMENT_TYPE,
    subject: [
      { name: `round/${refusal.round}/verdict`, digest: { sha256: refusal.verdictSha256 } },
    ],
    predicateType: VERDICT_REFUSAL,
    predicate: refusal,
  };
}

/**
 * Reads a refusal.
 *
 * @throws AttestationError MALFORMED_STATEMENT, WRONG_KIND, WRONG_SUBJECT
 */
export function readVerdictRefusal(statement: Statement): VerdictRefusal {
  const refusal = readPredicate(statement, VERDICT_REFUSAL, VerdictRefusal);
  if (statement.subject[0]?.digest?.['sha256'] !== refusal.verdictSha256) {
    throw new AttestationError('WRONG_SUBJECT', 'the subject of a refusal has to be its verdict');
  }
  return refusal;
}
