import { quote } from '#libs/encoding';
import { IcosError } from '../error.js';

/** Everything that a build of IC-OS can give, in the order in which reports show it. */
export const ARTIFACT_NAMES = [
  'guestos/update-img',
  'guestos/launch-measurements',
  'guestos-recovery/update-img',
  'hostos/update-img',
  'setupos/disk-img',
] as const;

/** Name of an artifact, the same in every era. */
export type ArtifactName = (typeof ARTIFACT_NAMES)[number];

/** Tells whether a text names an artifact. */
export function isArtifactName(text: string): text is ArtifactName {
  return (ARTIFACT_NAMES as readonly string[]).includes(text);
}

/**
 * Takes a text as the name of an artifact.
 *
 * @throws IcosError UNKNOWN_ARTIFACT
 */
export function asArtifactName(text: string): ArtifactName {
  if (isArtifactName(text)) return text;
  throw new IcosError(
    'UNKNOWN_ARTIFACT',
    `${quote(text)} is no artifact: expected one of ${ARTIFACT_NAMES.join(', ')}`,
  );
}
