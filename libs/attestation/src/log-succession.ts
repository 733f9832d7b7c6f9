import { sha256 } from '#libs/encoding';
import { z } from 'zod';
import { AttestationError } from './error.js';
import { Label, readPredicate, Time, type Statement } from './statement.js';
import { LOG_SUCCESSION, STATEMENT_TYPE } from './type-uri.js';

/** The log that is over, as far as it is known. Neither its key nor its note is verified here. */
export const Predecessor = z.object({
  origin: Label,
  /** Its verifier key, `name+id+base64`. */
  vkey: Label,
  /** The newest signed note that is known of it, byte for byte, with whatever cosignatures it has. */
  checkpoint: z.string().min(1).max(65_536),
});
export type Predecessor = z.infer<typeof Predecessor>;

/** A coordinator's word, first in its log, on which log went before and where that one ended. */
export const LogSuccession = z.object({
  /** Of the log that begins. */
  origin: Label,
  predecessor: Predecessor,
  /** Why the other one cannot go on, for everybody to read. */
  reason: Label,
  succeededAt: Time,
});
export type LogSuccession = z.infer<typeof LogSuccession>;

/** Makes the statement that a log with a predecessor begins with. */
export function logSuccessionStatement(succession: LogSuccession): Statement {
  const { origin, checkpoint } = succession.predecessor;
  return {
    _type: STATEMENT_TYPE,
    subject: [{ name: `log/${origin}`, digest: { sha256: sha256(checkpoint) } }],
    predicateType: LOG_SUCCESSION,
    predicate: succession,
  };
}

/**
 * Reads a LogSuccession.
 *
 * @throws AttestationError MALFORMED_STATEMENT, also for a log that would follow itself or has
 *   another note for its subject; WRONG_KIND
 */
export function readLogSuccession(statement: Statement): LogSuccession {
  const succession = readPredicate(statement, LOG_SUCCESSION, LogSuccession);
  const { origin, predecessor } = succession;
  if (origin === predecessor.origin) {
    throw new AttestationError(
      'MALFORMED_STATEMENT',
      'a log cannot follow itself: expected an origin that no log had before',
    );
  }
  if (statement.subject[0]?.digest?.['sha256'] !== sha256(predecessor.checkpoint)) {
    throw new AttestationError(
      'MALFORMED_STATEMENT',
      'the subject of a succession has to be the checkpoint that it names',
    );
  }
  return succession;
}
