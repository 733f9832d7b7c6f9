import { z } from 'zod';
import { AttestationError } from './error.js';
import { quickObject } from './quick-match.js';
import {
  Id,
  quickId,
  quickSha256,
  readPredicate,
  Sha256Text,
  type Statement,
} from './statement.js';
import { COMMIT, STATEMENT_TYPE } from './type-uri.js';

/**
 * A builder's promise that it holds a result, without telling it. `commitment` is the digest of the
 * result envelope's pre-authentication encoding; the result carries 32 random bytes, so nobody can
 * guess it, and names its builder and round, so nobody can copy it.
 */
export const Commit = z.object({ round: Sha256Text, builder: Id, commitment: Sha256Text });
export type Commit = z.infer<typeof Commit>;

export const quickCommit = quickObject({
  round: quickSha256,
  builder: quickId,
  commitment: quickSha256,
});

/** Makes the commit statement of a round. */
export function commitStatement(commit: Commit): Statement {
  return {
    _type: STATEMENT_TYPE,
    subject: [{ name: `round/${commit.round}`, digest: { sha256: commit.round } }],
    predicateType: COMMIT,
    predicate: commit,
  };
}

/**
 * Reads a commit and refuses one whose subject and predicate name different rounds.
 *
 * @throws AttestationError MALFORMED_STATEMENT, WRONG_KIND, WRONG_ROUND
 */
export function readCommit(statement: Statement): Commit {
  const commit = readPredicate(statement, COMMIT, Commit, quickCommit);
  if (statement.subject[0]?.digest?.['sha256'] !== commit.round) {
    throw new AttestationError('WRONG_ROUND', 'the subject of a commit has to be its round');
  }
  return commit;
}
