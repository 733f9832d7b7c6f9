import { asCommitId, sha256 } from '#libs/encoding';
import { DFINITY_POLICY } from './policy.js';

export const COMMIT = asCommitId('a12f'.repeat(10));
export const OTHER_COMMIT = asCommitId('b34e'.repeat(10));
export const SUMS = {
  path: 'guest-os/update-img/SHA256SUMS',
  sha256: sha256('the checksum file of the release image'),
};
export const DEV_SUMS = {
  path: 'guest-os/update-img-dev/SHA256SUMS',
  sha256: sha256('the checksum file of the development image'),
};

/** What a build of a commit attests: one statement about all that it uploaded. */
export const subjectsOf = (commit: string): { name: string; sha256: string }[] =>
  [SUMS, DEV_SUMS].map(({ path, sha256 }) => ({ name: `ic/${commit}/${path}`, sha256 }));

/** A run that goes as it should. */
export const RUN = { commit: COMMIT, subjects: subjectsOf(COMMIT) };

/** The question that such a run answers; bundles and trusted root are to be added. */
export const QUESTION = { commit: COMMIT, sums: SUMS, policy: DFINITY_POLICY.election };
