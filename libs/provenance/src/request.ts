import { isCommitId, isSha256, quote, type CommitId, type Sha256 } from '#libs/encoding';
import { ProvenanceError } from './error.js';
import { checkPolicy, type ProvenancePolicy } from './policy.js';

/** The question whether GitHub built this checksum file from this commit. */
export interface ProvenanceRequest {
  readonly commit: CommitId;
  readonly sums: {
    /** Under the commit on the CDN, such as `guest-os/update-img/SHA256SUMS`. */
    readonly path: string;
    /** Of the file's bytes as they were served. */
    readonly sha256: Sha256;
  };
  /**
   * Attestations, wherever they come from: JSON lines as `gh attestation download` writes them, one
   * bundle, the answer of GitHub's API, or a list of any of these; as text or parsed. At most 16
   * MiB and 100 bundles of at most 1 MiB.
   */
  readonly bundles: unknown;
  /**
   * Who is believed: `trusted_root.json`, or JSON lines of several as `gh attestation trusted-root`
   * writes them; as text or parsed. It has to come from elsewhere than the bundles.
   */
  readonly trustedRoot: unknown;
  readonly policy: ProvenancePolicy;
}

/** What one bundle is asked, once the request is known to be of its form. */
export interface Question {
  readonly commit: CommitId;
  /** The name that the checksum file has to be attested by. */
  readonly subjectName: string;
  readonly sha256: Sha256;
  readonly policy: ProvenancePolicy;
}

const SEGMENT = /^[A-Za-z0-9._-]+$/;
const MAX_PATH_LENGTH = 200;

/**
 * Takes a request apart, and refuses what could be read as another one.
 *
 * @throws ProvenanceError BAD_REQUEST
 */
export function toQuestion({ commit, sums, policy }: ProvenanceRequest): Question {
  if (!isCommitId(commit)) {
    throw new ProvenanceError('BAD_REQUEST', `${quote(commit)} is not a commit id of 40 hex`);
  }
  if (!isSha256(sums.sha256)) {
    throw new ProvenanceError('BAD_REQUEST', `${quote(sums.sha256)} is not a sha256 of 64 hex`);
  }
  // A path with `..` would name another commit's file.
  const segments = sums.path.split('/');
  const isInner = segments.every((part) => SEGMENT.test(part) && part !== '.' && part !== '..');
  const isSums = segments.length > 1 && segments.at(-1) === 'SHA256SUMS';
  if (!isInner || !isSums || sums.path.length > MAX_PATH_LENGTH) {
    throw new ProvenanceError(
      'BAD_REQUEST',
      `${quote(sums.path)} is not a path such as guest-os/update-img/SHA256SUMS`,
    );
  }
  checkPolicy(policy);
  return { commit, subjectName: `ic/${commit}/${sums.path}`, sha256: sums.sha256, policy };
}
