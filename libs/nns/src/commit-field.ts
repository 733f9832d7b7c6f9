import { asCommitId, quote, type CommitId } from '#libs/encoding';
import { malformedPayload } from './error.js';

/** Takes a version of a payload as the commit that will be checked out, and nothing else. */
export function toCommit(version: string): CommitId {
  try {
    return asCommitId(version);
  } catch (cause) {
    throw malformedPayload(
      `its version ${quote(version)} is not a commit: expected 40 lower-case hexadecimal characters`,
      cause,
    );
  }
}
