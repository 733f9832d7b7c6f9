import type { ArtifactName } from './artifact.js';
import type { IntermediateSpec } from './era.js';

/**
 * Where Bazel leaves what it builds: `~/.cache/bazel/_bazel_<user>/<digest of the workspace's
 * path>/execroot/<workspace>/bazel-out/<configuration>/bin`. The build's container has the home's
 * `.cache` mounted, so it is there afterwards; the worktree's own `bazel-bin` is a link to a path
 * inside of the container. What stands for one folder here may be several, of which one has the file.
 *
 * Source: bazel.build/docs/output_directories; dfinity/ic ci/container/container-run.sh@00ce3265
 */
const BAZEL_BIN = '.cache/bazel/*/*/execroot/*/bazel-out/*/bin';

function leftByBazel(name: string, artifacts: readonly ArtifactName[]): IntermediateSpec {
  return { name, path: `${BAZEL_BIN}/${name}`, artifacts };
}

/**
 * A system's files as the container build gives them, with `/run`, `/boot` and `/var` (the package
 * database among them), which no root partition gets, and with owners and order that ext4 has not:
 * it cannot be had back from an image. Determinism of all Bazel targets but a few of others is asked
 * of every commit since June 2025; before, it is hoped for.
 *
 * Source: dfinity/ic ic-os/defs.bzl@00a817d9 and @2e6f6808 (`rootfs-tree.tar`, `strip_paths`),
 * toolchains/sysimage/toolchain.bzl@002d5530; pull request #5539
 */
function tree(folder: string, ...artifacts: readonly ArtifactName[]): IntermediateSpec {
  return leftByBazel(`ic-os/${folder}/rootfs-tree.tar`, artifacts);
}

/**
 * The replica as the linker gives it: `objcopy` takes sections out before it goes into an image or
 * is published. It shows that more was done than to put a tree of packages together; who knows the
 * toolchain well could put those sections back into the published binary.
 *
 * Source: dfinity/ic publish/binaries/BUILD.bazel@2fc98fc8, publish/defs.bzl@0ca75488 (the release's
 * binary is a link to the target's own file)
 */
function linkedReplica(...artifacts: readonly ArtifactName[]): IntermediateSpec {
  return leftByBazel('rs/replica/replica', artifacts);
}

/**
 * What a build of three images leaves on its way. SetupOS carries the other two, and so their work.
 *
 * Source: dfinity/ic ci/container/build-ic.sh@50869261 (targets)
 */
export const OF_THREE_IMAGES: readonly IntermediateSpec[] = [
  tree('guestos/envs/prod', 'guestos/update-img', 'setupos/disk-img'),
  tree('hostos/envs/prod', 'hostos/update-img', 'setupos/disk-img'),
  tree('setupos/envs/prod', 'setupos/disk-img'),
  linkedReplica('guestos/update-img', 'setupos/disk-img'),
];

/** The same where launch measurements are made: of GuestOS, and so with its work. */
export const WITH_MEASUREMENTS: readonly IntermediateSpec[] = OF_THREE_IMAGES.map((spec) => ({
  ...spec,
  artifacts: spec.artifacts.flatMap((name): readonly ArtifactName[] =>
    name === 'guestos/update-img' ? [name, 'guestos/launch-measurements'] : [name],
  ),
}));

/** The same with the recovery image, which has the same replica. */
export const WITH_RECOVERY: readonly IntermediateSpec[] = [
  ...WITH_MEASUREMENTS.map((spec) =>
    spec.name === 'rs/replica/replica'
      ? { ...spec, artifacts: [...spec.artifacts, 'guestos-recovery/update-img' as const] }
      : spec,
  ),
  tree('guestos/envs/recovery', 'guestos-recovery/update-img'),
];
