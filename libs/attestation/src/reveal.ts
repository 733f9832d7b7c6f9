import { z } from 'zod';
import { AttestationError } from './error.js';
import { quickCount, quickObject, quickText } from './quick-match.js';
import {
  Id,
  quickId,
  quickSha256,
  readPredicate,
  Sha256Text,
  type Statement,
} from './statement.js';
import { REVEAL, STATEMENT_TYPE } from './type-uri.js';

/**
 * A builder's word on what it had verified when it showed its result: a checkpoint, as it came, that
 * holds its commit before the round's close. How many witnesses had signed it by then can be counted
 * by anybody, for ever.
 */
export const Reveal = z.object({
  round: Sha256Text,
  builder: Id,
  /** Of the result that is shown: what the commit promised. */
  commitment: Sha256Text,
  commitIndex: z.number().int().min(0),
  closeIndex: z.number().int().min(1),
  /** The signed note with all cosignatures that the builder had. */
  checkpoint: z.string().min(1).max(65_536),
});
export type Reveal = z.infer<typeof Reveal>;

export const quickReveal = quickObject({
  round: quickSha256,
  builder: quickId,
  commitment: quickSha256,
  commitIndex: quickCount,
  // Of 0, the schema says what is wrong.
  closeIndex: (value) => quickCount(value) && value !== 0,
  checkpoint: quickText(65_536, /./),
});

/** Makes the statement that goes with a shown result. */
export function revealStatement(reveal: Reveal): Statement {
  return {
    _type: STATEMENT_TYPE,
    subject: [{ name: `round/${reveal.round}`, digest: { sha256: reveal.round } }],
    predicateType: REVEAL,
    predicate: reveal,
  };
}

/**
 * Reads a reveal and refuses one whose subject is another round, or that was shown on a close before
 * its own commit. The checkpoint is not opened here.
 *
 * @throws AttestationError MALFORMED_STATEMENT, WRONG_KIND, WRONG_ROUND
 */
export function readReveal(statement: Statement): Reveal {
  const reveal = readPredicate(statement, REVEAL, Reveal, quickReveal);
  if (statement.subject[0]?.digest?.['sha256'] !== reveal.round) {
    throw new AttestationError('WRONG_ROUND', 'the subject of a reveal has to be its round');
  }
  if (reveal.commitIndex >= reveal.closeIndex) {
    throw new AttestationError(
      'WRONG_ROUND',
      `commit ${reveal.commitIndex} has to stand before close ${reveal.closeIndex}`,
    );
  }
  return reveal;
}
