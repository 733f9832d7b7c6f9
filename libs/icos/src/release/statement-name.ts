import { type CommitId, isCommitId, quote } from '#libs/encoding';
import type { ArtifactName } from './artifact.js';
import type { ArtifactSpec, Era } from './era.js';
import { ERAS } from './eras.js';
import { IcosError } from '../error.js';

/** The part of an artifact's row that names it outside of a builder. */
export type PublishedAs = Pick<ArtifactSpec, 'cdnDir' | 'file'>;

/**
 * Gives an era's row of one artifact.
 *
 * @throws IcosError UNKNOWN_ARTIFACT when builds of that era do not make it
 */
export function specOf(era: Era, name: ArtifactName): ArtifactSpec {
  const spec = era.artifacts.find((artifact) => artifact.name === name);
  if (spec !== undefined) return spec;
  throw new IcosError('UNKNOWN_ARTIFACT', `builds of era ${era.id} make no ${name}`);
}

/** Gives the path of an artifact inside its release, such as `guest-os/update-img/SHA256SUMS`. */
export function releasePath({ cdnDir, file }: PublishedAs): string {
  return `${cdnDir}/${file}`;
}

/** Names an artifact in signed statements: `ic/<commit>/<cdn dir>/<file>`. */
export function statementName(commit: CommitId, artifact: PublishedAs): string {
  return `ic/${commit}/${releasePath(artifact)}`;
}

/**
 * Takes a statement name apart.
 *
 * @throws IcosError MALFORMED_NAME unless it names a commit and a file that some era publishes
 */
export function parseStatementName(text: string): { commit: CommitId; artifact: ArtifactName } {
  const [root, commit = '', ...rest] = text.split('/');
  const path = rest.join('/');
  const spec = ERAS.flatMap((era) => era.artifacts).find((known) => releasePath(known) === path);
  if (root !== 'ic' || !isCommitId(commit) || spec === undefined) {
    throw new IcosError(
      'MALFORMED_NAME',
      `${quote(text)} is no artifact's name: expected ic/<40 hex>/<folder>/<file>`,
    );
  }
  return { commit, artifact: spec.name };
}

/**
 * Gives the address of an artifact below a CDN's base, such as `https://download.dfinity.systems`.
 * The base's closing slashes do not matter.
 */
export function cdnUrl(base: string, commit: CommitId, artifact: PublishedAs): string {
  return `${base.replace(/\/+$/, '')}/${statementName(commit, artifact)}`;
}

/** Gives the address of the SHA256SUMS that lists an artifact. */
export function sumsUrl(base: string, commit: CommitId, artifact: PublishedAs): string {
  return cdnUrl(base, commit, { ...artifact, file: 'SHA256SUMS' });
}
