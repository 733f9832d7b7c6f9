import type { ArtifactName } from './artifact.js';

/** Where one artifact comes out of a build, and where it is published. */
export interface ArtifactSpec {
  readonly name: ArtifactName;
  /** File in the worktree after the build, with `/` between folders. */
  readonly outputPath: string;
  /** Folder on the CDN below `ic/<commit>/`. */
  readonly cdnDir: string;
  /** File name on the CDN, which is also its name in that folder's SHA256SUMS. */
  readonly file: string;
  /** Regular files that the archive must hold; none for a file that is no archive. */
  readonly members: readonly string[];
  /**
   * Artifacts whose bytes, or a digest of them, are inside this one: a difference in theirs
   * implies one here, and is no second finding.
   */
  readonly embeds: readonly ArtifactName[];
}

/** A sign of an era: a file that the commit holds, and a text that stands in it. */
export interface EraMark {
  readonly path: string;
  readonly contains: string;
}

/** A span of commits that are built alike. */
export interface Era {
  readonly id: string;
  /** All of them must hold, and no earlier row of {@link ERAS} may. */
  readonly marks: readonly EraMark[];
  /** Command line, run in the worktree. */
  readonly command: readonly [string, ...string[]];
  readonly artifacts: readonly ArtifactSpec[];
}

const SCRIPT = 'ci/container/build-ic.sh';
const UPDATE_MEMBERS = ['boot.img', 'root.img', 'VERSION.TXT'];

const GUEST: ArtifactSpec = {
  name: 'guestos/update-img',
  outputPath: 'artifacts/icos/guestos/update/update-img.tar.zst',
  cdnDir: 'guest-os/update-img',
  file: 'update-img.tar.zst',
  members: UPDATE_MEMBERS,
  embeds: [],
};
/** Each measurement's kernel command line carries the root hash of the image's root.img. */
const MEASUREMENTS: ArtifactSpec = {
  name: 'guestos/launch-measurements',
  outputPath: 'artifacts/icos/guestos/update/launch-measurements.json',
  cdnDir: 'guest-os/update-img',
  file: 'launch-measurements.json',
  members: [],
  embeds: ['guestos/update-img'],
};
const RECOVERY: ArtifactSpec = {
  name: 'guestos-recovery/update-img',
  outputPath: 'artifacts/icos/guestos/update-img-recovery/update-img.tar.zst',
  cdnDir: 'guest-os/update-img-recovery',
  file: 'update-img.tar.zst',
  members: UPDATE_MEMBERS,
  embeds: [],
};
const HOST: ArtifactSpec = {
  name: 'hostos/update-img',
  outputPath: 'artifacts/icos/hostos/update/update-img.tar.zst',
  cdnDir: 'host-os/update-img',
  file: 'update-img.tar.zst',
  members: UPDATE_MEMBERS,
  embeds: [],
};
/** The installer's data partition holds the other two images. */
const SETUP: ArtifactSpec = {
  name: 'setupos/disk-img',
  outputPath: 'artifacts/icos/setupos/disk-img.tar.zst',
  cdnDir: 'setup-os/disk-img',
  file: 'disk-img.tar.zst',
  members: ['disk.img'],
  embeds: ['hostos/update-img', 'guestos/update-img'],
};

/** The era of the newest commits: recovery image and launch measurements. */
export const CURRENT_ERA: Era = {
  id: 'recovery-and-measurements',
  marks: [{ path: SCRIPT, contains: 'update-img-recovery' }],
  command: [`./${SCRIPT}`, '--icos'],
  artifacts: [GUEST, MEASUREMENTS, RECOVERY, HOST, SETUP],
};

/**
 * All known eras, newest first; the first whose marks hold is the commit's.
 *
 * Marks are texts of the build script itself and not folders beside it: the recovery image's
 * Bazel folder stood in the repository before the script built it, and a builder that waits for an
 * image that the commit's script does not make fails on a sound release (dfinity/ic#7024).
 *
 * Source: dfinity/ic ci/container/build-ic.sh@50869261, pull requests #5305, #5318 and #7067
 */
export const ERAS: readonly Era[] = [
  CURRENT_ERA,
  {
    id: 'update-folders',
    marks: [{ path: SCRIPT, contains: 'guestos/update' }],
    command: [`./${SCRIPT}`, '--icos'],
    artifacts: [GUEST, HOST, SETUP],
  },
];
