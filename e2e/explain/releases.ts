import type { BuilderEnvironment } from '../world/builder-environment/builder-environment.js';
import type { Defects } from '../world/ic-mini/defects.js';

/** What of a builder's surroundings is chosen. */
export type Surroundings = Partial<BuilderEnvironment>;

/** One release, and the surroundings in which it is built. */
export interface SplitRelease {
  readonly defects: Defects;
  readonly left: Surroundings;
  readonly right: Surroundings;
  /** States of the mirrors that either side has its packages from. */
  readonly mirrorStates?: readonly [left: number, right: number];
}

const sizeBytes = 64 * 1024 * 1024;
const blocksOf = (blockSizeBytes: 1024 | 4096): Surroundings => ({
  tempFilesystem: { type: 'ext4', sizeBytes, blockSizeBytes },
});

/** A machine like any other: what a release does not name is so on both sides. */
export const PLAIN: Surroundings = {
  ...blocksOf(4096),
  hostname: 'heron',
  umask: 0o022,
  locale: 'C.UTF-8',
  timezone: 'UTC',
  openFilesLimit: 1024,
};

const ON_TMPFS: Surroundings = { tempFilesystem: { type: 'tmpfs', sizeBytes } };
const BY_NOBODY: Surroundings = { user: 'nobody' };
const WITH_GZIP: Surroundings = {
  containerRunConf: 'PODMAN_RUN_USR_ARGS=(--env GZIP=-1)\n',
};

/** Everything at once that any of the releases asks for: whether this machine can do it. */
export const EVERYTHING: Surroundings = { ...PLAIN, ...BY_NOBODY, processors: 2 };

function split(defects: Defects, right: Surroundings = {}, left: Surroundings = {}): SplitRelease {
  return { defects, left: { ...PLAIN, ...left }, right: { ...PLAIN, ...right } };
}

/**
 * Releases with one defect in GuestOS and another in HostOS, built where both show: two facts part
 * the builders alike, and the bytes have to tell which of them it was. SetupOS carries both, and has
 * some of them as a pair of its own.
 */
export const SPLIT_RELEASES: readonly SplitRelease[] = [
  split(
    { guestos: ['user'], hostos: ['gzip-level'], setupos: ['user', 'gzip-level'] },
    { ...BY_NOBODY, ...WITH_GZIP },
  ),
  split({ guestos: ['uid-owner'], hostos: ['kernel'] }, { ...BY_NOBODY, isOldKernel: true }),
  split(
    { guestos: ['xattr'], hostos: ['time-zone'], setupos: ['extra-file', 'time-zone'] },
    { ...BY_NOBODY, timezone: 'UTC-2' },
  ),
  split(
    { guestos: ['extra-file'], hostos: ['locale'], setupos: ['user', 'locale'] },
    { ...BY_NOBODY, locale: 'en_US.UTF-8' },
  ),
  split(
    { guestos: ['zstd-level'], hostos: ['hostname'], setupos: ['parallelism', 'hostname'] },
    { processors: 2, hostname: 'egret' },
    { processors: 1 },
  ),
  split({ guestos: ['sparse-map'], hostos: ['umask'] }, { ...blocksOf(1024), umask: 0o077 }),
  split(
    { guestos: ['unsorted-tar'], hostos: ['build-path'], setupos: ['file-list', 'build-path'] },
    ON_TMPFS,
  ),
  {
    ...split({ guestos: ['unsorted-dir'], hostos: ['package-drift'] }, ON_TMPFS),
    mirrorStates: [1, 4],
  },
  split({ guestos: ['timestamp'], hostos: ['mtime'] }),
  split({ guestos: ['open-files'], hostos: ['random-uuid'] }, { openFilesLimit: 256 }),
  // Pairs whose consequences meet: every file differs in mode, one of them in content too.
  split(
    { guestos: ['hash-seed'], hostos: ['hostname', 'umask'], setupos: ['locale', 'time-zone'] },
    { hostname: 'egret', umask: 0o077, locale: 'en_US.UTF-8', timezone: 'UTC-2' },
  ),
];

/**
 * Releases with two defects in each of both images, so that each defect stands beside another one in
 * the same image: what one of them does must not hide, or pass for, what the other one does.
 */
export const PAIRED_RELEASES: readonly SplitRelease[] = [
  split({ guestos: ['timestamp', 'build-path'], hostos: ['mtime', 'gzip-level'] }, WITH_GZIP),
  split(
    { guestos: ['uid-owner', 'locale'], hostos: ['xattr', 'time-zone'] },
    { ...BY_NOBODY, locale: 'en_US.UTF-8', timezone: 'UTC-2' },
  ),
  split(
    { guestos: ['random-uuid', 'user'], hostos: ['hash-seed', 'kernel'] },
    { ...BY_NOBODY, isOldKernel: true },
  ),
  {
    ...split(
      { guestos: ['package-drift', 'hostname'], hostos: ['extra-file', 'umask'] },
      { ...BY_NOBODY, hostname: 'egret', umask: 0o077 },
    ),
    mirrorStates: [1, 4],
  },
  split(
    { guestos: ['zstd-level', 'parallelism'], hostos: ['sparse-map', 'open-files'] },
    { processors: 2, ...blocksOf(1024), openFilesLimit: 256 },
    { processors: 1 },
  ),
  split(
    { guestos: ['unsorted-tar', 'file-list'], hostos: ['unsorted-dir', 'hostname'] },
    { ...ON_TMPFS, hostname: 'egret' },
  ),
];

/** Two lists in another order, and two facts that could each have led to either of them. */
export const TWO_SUSPECTS = {
  defects: { guestos: ['parallelism'], hostos: ['file-list'] },
  left: { ...PLAIN, processors: 1 },
  right: { ...PLAIN, ...ON_TMPFS, processors: 2 },
} as const satisfies SplitRelease;
