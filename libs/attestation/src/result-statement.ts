import { quote } from '#libs/encoding';
import { AttestationError } from './error.js';
import { failureOf, readFailure } from './result-failure.js';
import { provenanceOf, readProvenance } from './result-provenance.js';
import type { Result } from './result.js';
import type { Statement } from './statement.js';
import { SLSA_PROVENANCE, TEST_RESULT } from './type-uri.js';

/**
 * Makes the statement of a result: SLSA provenance of what was built, or a failed test result. Error
 * messages that were cut amid a character are mended.
 *
 * @throws AttestationError MALFORMED_STATEMENT for a failure that no reader would take
 */
export function resultStatement(result: Result): Statement {
  return result.kind === 'built' ? provenanceOf(result) : failureOf(result);
}

/**
 * Reads a result from a verified statement.
 *
 * @throws AttestationError MALFORMED_STATEMENT; WRONG_KIND when the statement is no result;
 *   WRONG_RELEASE when its subject is not of the release that it names
 */
export function readResult(statement: Statement): Result {
  if (statement.predicateType === SLSA_PROVENANCE) return readProvenance(statement);
  if (statement.predicateType === TEST_RESULT) return readFailure(statement);
  throw new AttestationError(
    'WRONG_KIND',
    `statement is ${quote(statement.predicateType)}: expected a build result`,
  );
}
