import { DEFAULT_ERA, LAYOUTS } from './era.js';
import type { EraId, EraLayout, Place } from './era.js';
import { WorldError } from './error.js';

/** All artifact names, in the order in which reports show them. */
export const ARTIFACT_NAMES = [
  'guestos/update-img',
  'guestos/launch-measurements',
  'guestos-recovery/update-img',
  'hostos/update-img',
  'setupos/disk-img',
] as const;

/** Name of an artifact of a release. */
export type ArtifactName = (typeof ARTIFACT_NAMES)[number];

/** The artifacts that an era makes; where the era is not known, those that every era does. */
export type ArtifactOf<E extends EraId> = keyof (typeof LAYOUTS)[E]['artifacts'] & ArtifactName;

/** Lists the artifacts of an era, in the order of all. */
export function artifactsOf<E extends EraId>(era: E): readonly ArtifactOf<E>[] {
  const isMade = (name: ArtifactName): name is ArtifactOf<E> => name in LAYOUTS[era].artifacts;
  return ARTIFACT_NAMES.filter(isMade);
}

/** Where an artifact of an era lies. @throws WorldError NO_SUCH_ARTIFACT */
export function placeOf(name: ArtifactName, era: EraId = DEFAULT_ERA): Place {
  const { artifacts }: EraLayout = LAYOUTS[era];
  const place = artifacts[name];
  if (place) return place;
  throw new WorldError('NO_SUCH_ARTIFACT', `the era ${era} makes no ${name}`);
}

/** Path of an artifact in the worktree after a build. */
export function builtPath(name: ArtifactName, era: EraId = DEFAULT_ERA): string {
  const { builtIn, file } = placeOf(name, era);
  return `${builtIn}/${file}`;
}

/** Path of an artifact on the CDN, from the root: `/ic/<commit>/<folder>/<file>`. */
export function cdnPath(name: ArtifactName, commit: string, era: EraId = DEFAULT_ERA): string {
  const { cdnDir, file } = placeOf(name, era);
  return `/ic/${commit}/${cdnDir}/${file}`;
}
