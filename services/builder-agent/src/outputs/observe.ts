import type { Published, RoundOpen } from '#libs/attestation';
import { asCommitId } from '#libs/encoding';
import {
  createAllowList,
  FetchCache,
  isArtifactName,
  observePublished,
  type Era,
} from '#libs/icos';
import type { Config } from '../config.js';

/**
 * Downloads and hashes what each CDN and each URL of the proposal serves. What cannot be read is a
 * reading as well: with its error, and without a digest. Rejects
 * only by a defect of our own.
 */
export async function observe(
  config: Config,
  open: RoundOpen,
  era: Era,
  signal: AbortSignal,
): Promise<readonly Published[]> {
  const elected = open.release.artifacts.find((artifact) => artifact.elected)?.name ?? '';
  const proposalArtifact = isArtifactName(elected) ? elected : null;
  try {
    const { observations } = await observePublished({
      commit: asCommitId(open.release.source.digest['gitCommit'] ?? ''),
      era,
      cdnBases: config.CDN_BASES,
      proposalUrls: proposalArtifact === null ? [] : open.urls,
      proposalArtifact,
      fetches: new FetchCache({ allow: createAllowList(config.ALLOWED_HOSTS), signal }),
    });
    return observations.map(({ artifact, role, url, sha256, sizeBytes, error }) => ({
      artifact,
      source: role,
      url,
      sha256,
      sizeBytes,
      error: error === null ? null : { code: error.code, message: error.message },
    }));
  } catch (error) {
    // An interruption ends the build as well. Anything else must not pass for "nothing was read".
    if (signal.aborted) return [];
    throw error;
  }
}
