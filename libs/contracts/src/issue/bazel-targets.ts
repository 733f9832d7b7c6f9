/**
 * The Bazel target that each artifact comes from, by the artifact's name.
 *
 * Source: dfinity/ic ci/container/build-ic.sh@50869261
 */
const TARGETS: ReadonlyMap<string, string> = new Map([
  ['guestos/update-img', '//ic-os/guestos/envs/prod:bundle-update'],
  ['guestos/launch-measurements', '//ic-os/guestos/envs/prod:bundle-update'],
  ['guestos-recovery/update-img', '//ic-os/guestos/envs/recovery:bundle-update'],
  ['hostos/update-img', '//ic-os/hostos/envs/prod:bundle-update'],
  ['setupos/disk-img', '//ic-os/setupos/envs/prod:bundle'],
]);

/** Gives the Bazel target that an artifact comes from; null where none is known. */
export function bazelTargetOf(artifact: string): string | null {
  return TARGETS.get(artifact) ?? null;
}
