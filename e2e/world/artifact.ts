/**
 * Where each artifact of a build lies, told independently of the project's own table: the world is
 * what that table is checked against.
 *
 * Source: dfinity/ic ci/container/build-ic.sh@50869261 and ci/src/artifacts/upload.sh@01e410f8
 */
export const ARTIFACTS = {
  'guestos/update-img': ['guestos/update', 'guest-os/update-img', 'update-img.tar.zst'],
  'guestos/launch-measurements': [
    'guestos/update',
    'guest-os/update-img',
    'launch-measurements.json',
  ],
  'guestos-recovery/update-img': [
    'guestos/update-img-recovery',
    'guest-os/update-img-recovery',
    'update-img.tar.zst',
  ],
  'hostos/update-img': ['hostos/update', 'host-os/update-img', 'update-img.tar.zst'],
  'setupos/disk-img': ['setupos', 'setup-os/disk-img', 'disk-img.tar.zst'],
} as const satisfies Record<string, readonly [builtIn: string, cdnDir: string, file: string]>;

/** Name of an artifact of a release. */
export type ArtifactName = keyof typeof ARTIFACTS;

/** All artifact names, in the order in which reports show them. */
export const ARTIFACT_NAMES = Object.keys(ARTIFACTS) as readonly ArtifactName[];

/** Path of an artifact in the worktree after a build. */
export function builtPath(name: ArtifactName): string {
  const [builtIn, , file] = ARTIFACTS[name];
  return `artifacts/icos/${builtIn}/${file}`;
}

/** Path of an artifact on the CDN, from the root: `/ic/<commit>/<folder>/<file>`. */
export function cdnPath(name: ArtifactName, commit: string): string {
  const [, cdnDir, file] = ARTIFACTS[name];
  return `/ic/${commit}/${cdnDir}/${file}`;
}
