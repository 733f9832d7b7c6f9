import { join } from 'node:path';
import { z } from 'zod';
import { MAX_MANIFEST_ROOTS, Output, Sha256Text } from '#libs/attestation';

/** One output of a round's build, of which there is a manifest and perhaps the file itself. */
export const KeptArtifact = z.strictObject({
  artifact: Output.shape.name,
  sha256: Sha256Text,
  sizeBytes: z.number().int().min(0),
  /** Root of its manifest, as the sealed result names it. */
  manifest: Sha256Text,
});
export type KeptArtifact = z.infer<typeof KeptArtifact>;

/** What is kept of a round: written last, so that a folder without it is half made. */
export const KeptRound = z.strictObject({
  version: z.literal(1),
  keptAt: z.iso.datetime(),
  artifacts: z.array(KeptArtifact).max(MAX_MANIFEST_ROOTS),
});
export type KeptRound = z.infer<typeof KeptRound>;

export const KEPT_FILE = 'kept.json';
export const IMAGE_SUFFIX = '.image';
export const MANIFEST_SUFFIX = '.manifest';

/**
 * Names the two files of an artifact. By the digest of its bytes, never by its name or by a location
 * in it: whatever those hold, they lead nowhere.
 */
export function keptPaths(
  folder: string,
  sha256: string,
): { readonly image: string; readonly manifest: string } {
  return {
    image: join(folder, `${sha256}${IMAGE_SUFFIX}`),
    manifest: join(folder, `${sha256}${MANIFEST_SUFFIX}`),
  };
}
