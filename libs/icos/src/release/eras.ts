import { guestImage, MEASUREMENTS, RECOVERY, threeImages } from './artifact-specs.js';
import type { Era, TempRule } from './era.js';
import { OF_THREE_IMAGES, WITH_MEASUREMENTS, WITH_RECOVERY } from './intermediate-specs.js';

const GIB = 1024 ** 3;
const SCRIPT = 'ci/container/build-ic.sh';
const GITLAB_SCRIPT = 'gitlab-ci/container/build-ic.sh';
const DOCKER_SCRIPT = 'gitlab-ci/tools/docker-build-ic';

/**
 * The script itself ends where the temp filesystem's blocks are of another size, as the sparse map
 * of its archives would follow them; commits that look for holes by zeros do not ask.
 *
 * Source: dfinity/ic toolchains/sysimage/reproducibility.py@3ab44542
 */
const BLOCKS_OF_4096: TempRule = {
  marks: [{ path: 'toolchains/sysimage/reproducibility.py', contains: 'expected_block_size=4096' }],
  blockSizeBytes: 4096,
};

/**
 * What a builder has to have at least. The scripts ask for 100 GB and go on without; no public
 * figure tells what is used. This is where a build has no chance: four images, each packed and
 * unpacked, beside the compiler's own outputs; or one image.
 */
const [DISK_FOR_ALL, DISK_FOR_GUESTOS] = [40 * GIB, 25 * GIB];

const PODMAN = { branchMarks: [], engine: 'podman', minimumDiskBytes: DISK_FOR_ALL } as const;
/** Without branches such a script stamps zeros instead of the commit: other bytes. */
const ASKS_BRANCHES = { path: GITLAB_SCRIPT, contains: 'git branch -r --contains' };
const UPDATE_FOLDERS = threeImages(
  {
    guest: 'artifacts/icos/guestos/update',
    host: 'artifacts/icos/hostos/update',
    setup: 'artifacts/icos/setupos',
  },
  'tar.zst',
);
const OS_FOLDERS = {
  guest: 'artifacts/icos/guestos',
  host: 'artifacts/icos/hostos',
  setup: 'artifacts/icos/setupos',
};
const [GUEST, ...HOST_AND_SETUP] = UPDATE_FOLDERS;
const BUILDS_RECOVERY = { path: SCRIPT, contains: 'update-img-recovery' };

/**
 * Nothing outlives the build that is not published. The containers of `gitlab-ci` had a home of their
 * own, in which Bazel's outputs went away with them; those of Docker handed out binaries and images,
 * and the binaries are on the CDN.
 *
 * Source: dfinity/ic gitlab-ci/container/container-run.sh@068e886a, gitlab-ci/tools/build-ic@01cb7cfc
 */
const UNKNOWN: Era['intermediates'] = [];

/** October 2025: the script builds a recovery image, and publishes launch measurements. */
export const RECOVERY_ERA: Era = {
  id: 'recovery-and-measurements',
  marks: [BUILDS_RECOVERY],
  command: [`./${SCRIPT}`, '--icos'],
  ...PODMAN,
  attestsSums: false,
  tempRules: [BLOCKS_OF_4096],
  artifacts: [GUEST, MEASUREMENTS, RECOVERY, ...HOST_AND_SETUP],
  intermediates: WITH_RECOVERY,
};

/** The era of the newest commits: GitHub attests each SHA256SUMS, since 31 August 2026. */
export const CURRENT_ERA: Era = {
  ...RECOVERY_ERA,
  id: 'attested-sums',
  marks: [
    BUILDS_RECOVERY,
    // The repository's own reader of attestations: what makes them has moved between workflows.
    { path: 'ci/scripts/fetch-attested-sums.sh', contains: 'gh attestation verify' },
  ],
  attestsSums: true,
};

/**
 * All known eras; the first whose marks hold is the commit's. Newest first, but for the pair that
 * one text cannot tell apart: as long as gzip was made, it was what proposals named.
 *
 * Marks are texts of the build script itself and not folders beside it: the recovery image's
 * Bazel folder stood in the repository before the script built it, and a builder that waits for an
 * image that the commit's script does not make fails on a sound release (dfinity/ic#7024).
 *
 * Source: dfinity/ic ci/container/build-ic.sh@50869261 and of 2024, gitlab-ci/container/
 * build-ic.sh@00bb5e14, gitlab-ci/tools/docker-build-ic@0ddcb083, ic-os/defs.bzl@00a817d9,
 * ci/scripts/fetch-attested-sums.sh@07bfca57 and @3318d138; pull requests
 * #701, #728, #5305, #5318, #7067 and #11569
 */
export const ERAS: readonly Era[] = [
  CURRENT_ERA,
  RECOVERY_ERA,
  {
    id: 'measurements',
    marks: [
      { path: SCRIPT, contains: 'guestos/update' },
      { path: 'ic-os/defs.bzl', contains: 'launch-measurements.json' },
    ],
    command: [`./${SCRIPT}`, '--icos'],
    ...PODMAN,
    attestsSums: false,
    tempRules: [BLOCKS_OF_4096],
    artifacts: [GUEST, MEASUREMENTS, ...HOST_AND_SETUP],
    intermediates: WITH_MEASUREMENTS,
  },
  {
    // May 2025
    id: 'update-folders',
    marks: [{ path: SCRIPT, contains: 'guestos/update' }],
    command: [`./${SCRIPT}`, '--icos'],
    ...PODMAN,
    attestsSums: false,
    tempRules: [BLOCKS_OF_4096],
    artifacts: UPDATE_FOLDERS,
    intermediates: OF_THREE_IMAGES,
  },
  {
    // October 2024: gitlab-ci became ci
    id: 'os-folders',
    marks: [{ path: SCRIPT, contains: 'DISK_DIR_FULL/guestos' }],
    command: [`./${SCRIPT}`, '--icos'],
    ...PODMAN,
    attestsSums: false,
    tempRules: [BLOCKS_OF_4096],
    artifacts: threeImages(OS_FOLDERS, 'tar.zst'),
    intermediates: OF_THREE_IMAGES,
  },
  {
    id: 'gitlab-os-folders-gz',
    marks: [
      { path: GITLAB_SCRIPT, contains: 'DISK_DIR_FULL/guestos' },
      { path: 'ic-os/defs.bzl', contains: '"update-img.tar.gz"' },
    ],
    command: [`./${GITLAB_SCRIPT}`, '-i'],
    ...PODMAN,
    branchMarks: [ASKS_BRANCHES],
    attestsSums: false,
    tempRules: [BLOCKS_OF_4096],
    artifacts: threeImages(OS_FOLDERS, 'tar.gz'),
    intermediates: UNKNOWN,
  },
  {
    // August 2024
    id: 'gitlab-os-folders',
    marks: [{ path: GITLAB_SCRIPT, contains: 'DISK_DIR_FULL/guestos' }],
    command: [`./${GITLAB_SCRIPT}`, '-i'],
    ...PODMAN,
    branchMarks: [ASKS_BRANCHES],
    attestsSums: false,
    tempRules: [BLOCKS_OF_4096],
    artifacts: threeImages(OS_FOLDERS, 'tar.zst'),
    intermediates: UNKNOWN,
  },
  {
    // 2022 and 2023: the stamp is the commit only where a protected branch contains it
    id: 'gitlab-one-image',
    marks: [{ path: GITLAB_SCRIPT, contains: 'DISK_DIR_FULL' }],
    command: [`./${GITLAB_SCRIPT}`, '-i'],
    branchMarks: [ASKS_BRANCHES],
    engine: 'podman',
    attestsSums: false,
    minimumDiskBytes: DISK_FOR_GUESTOS,
    tempRules: [BLOCKS_OF_4096],
    artifacts: [guestImage('artifacts/icos', 'tar.gz')],
    intermediates: UNKNOWN,
  },
  {
    // 2021 and 2022
    id: 'docker-one-image',
    marks: [{ path: DOCKER_SCRIPT, contains: 'docker-build-ic' }],
    command: [`./${DOCKER_SCRIPT}`],
    branchMarks: [],
    engine: 'docker',
    attestsSums: false,
    minimumDiskBytes: DISK_FOR_GUESTOS,
    tempRules: [BLOCKS_OF_4096],
    artifacts: [guestImage('artifacts/docker-build-ic/icos', 'tar.gz')],
    intermediates: UNKNOWN,
  },
];
