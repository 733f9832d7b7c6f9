import { z } from 'zod';
import { canonicalJson, quote } from '#libs/encoding';
import { logOf, logResources } from './build-log.js';
import { AttestationError } from './error.js';
import { ReleaseRef } from './release.js';
import { ResultHead, Stage, type Result } from './result.js';
import { readAs, Resource, type Statement } from './statement.js';
import { REBUILD, STATEMENT_TYPE, TEST_RESULT } from './type-uri.js';
import { wellFormed } from './well-formed.js';

/**
 * A word, not a text: a verdict repeats it for every artifact, and nobody may make it longer than a
 * builder's digest does.
 */
const FailureWord = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,63}$/, 'expected at most 64 lower-case letters, digits, hyphens');

const FailureHead = ResultHead.extend({
  stage: Stage,
  class: FailureWord,
  message: z.string().max(500),
});

/** in-toto test result for a build without output. Source: in-toto attestation, test-result v0.1 */
const Failure = z.object({
  result: z.literal('FAILED'),
  configuration: z.array(Resource).max(64),
  failedTests: z.array(z.string().max(400)).length(1),
  [REBUILD]: FailureHead,
});

/** Makes the failed test result of a build without output. */
export function failureOf(result: Result & { kind: 'failed' }): Statement {
  const head = { ...result, message: wellFormed(result.message) };
  const predicate: z.infer<typeof Failure> = {
    result: 'FAILED',
    configuration: logResources(result.logSha256),
    failedTests: [testOf(result)],
    [REBUILD]: readAs(FailureHead, head, 'a failed rebuild'),
  };
  return {
    _type: STATEMENT_TYPE,
    subject: [{ name: result.release.name, digest: result.release.digest }],
    predicateType: TEST_RESULT,
    predicate,
  };
}

/** Reads how a build failed from a statement whose predicate is a test result. */
export function readFailure(statement: Statement): Result {
  const failure = readAs(Failure, statement.predicate, 'a failed rebuild');
  const { release } = failure[REBUILD];
  const subject = readAs(ReleaseRef, statement.subject[0], 'the subject of a failed rebuild');
  if (canonicalJson(subject) !== canonicalJson(release)) {
    throw new AttestationError(
      'WRONG_RELEASE',
      `subject ${quote(subject.name)} is not the release ${quote(release.name)} that failed`,
    );
  }
  if (failure.failedTests[0] !== testOf(failure[REBUILD])) {
    throw new AttestationError('MALFORMED_STATEMENT', 'a failure tells two different failures');
  }
  return { ...failure[REBUILD], kind: 'failed', logSha256: logOf(failure.configuration) };
}

function testOf({ stage, class: failureClass }: { stage: string; class: string }): string {
  return `${stage}/${failureClass}`;
}
