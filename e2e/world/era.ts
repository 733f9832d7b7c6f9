import type { ArtifactName } from './artifact.js';

/** One artifact's file: where the build leaves it, and where it is published. */
export interface Place {
  /** Folder in the worktree after the build. */
  readonly builtIn: string;
  /** Folder on the CDN below `ic/<commit>/`. */
  readonly cdnDir: string;
  readonly file: string;
  /** Other files of the same folder that are published with it: the same archive wrapped otherwise. */
  readonly beside: readonly string[];
}

/** One way in which releases were built and published. */
export interface EraLayout {
  /** As somebody types it in the checkout. */
  readonly command: readonly [string, ...string[]];
  /** What stands between digest and name in a SHA256SUMS; `sha256sum -b` wrote an asterisk. */
  readonly sumSeparator: ' ' | ' *';
  readonly artifacts: Readonly<Partial<Record<ArtifactName, Place>>>;
}

type Wrapping = 'tar.gz' | 'tar.zst';

function guestos(builtIn: string, ...wrappings: readonly [Wrapping, ...Wrapping[]]) {
  return { 'guestos/update-img': place(builtIn, 'guest-os/update-img', 'update-img', wrappings) };
}

function hostAndSetupos(
  hostos: string,
  setupos: string,
  ...wrappings: readonly [Wrapping, ...Wrapping[]]
) {
  return {
    'hostos/update-img': place(hostos, 'host-os/update-img', 'update-img', wrappings),
    'setupos/disk-img': place(setupos, 'setup-os/disk-img', 'disk-img', wrappings),
  };
}

function place(
  builtIn: string,
  cdnDir: string,
  image: string,
  [wrapping, ...others]: readonly [Wrapping, ...Wrapping[]],
): Place {
  const beside = others.map((other) => `${image}.${other}`);
  return { builtIn, cdnDir, file: `${image}.${wrapping}`, beside };
}

const ICOS = 'artifacts/icos';
const MEASUREMENTS: Place = {
  builtIn: `${ICOS}/guestos/update`,
  cdnDir: 'guest-os/update-img',
  file: 'launch-measurements.json',
  beside: [],
};
const RECOVERY: Place = {
  builtIn: `${ICOS}/guestos/update-img-recovery`,
  cdnDir: 'guest-os/update-img-recovery',
  file: 'update-img.tar.zst',
  beside: [],
};
const UPDATE_FOLDERS = {
  ...guestos(`${ICOS}/guestos/update`, 'tar.zst'),
  ...hostAndSetupos(`${ICOS}/hostos/update`, `${ICOS}/setupos`, 'tar.zst'),
};
const OS_FOLDERS = [`${ICOS}/hostos`, `${ICOS}/setupos`] as const;
const NOW = {
  command: ['./ci/container/build-ic.sh', '--icos'],
  sumSeparator: ' ',
  artifacts: {
    ...UPDATE_FOLDERS,
    'guestos/launch-measurements': MEASUREMENTS,
    'guestos-recovery/update-img': RECOVERY,
  },
} as const satisfies EraLayout;

/**
 * Where everything lies in each era, told independently of the project's own table: the world is
 * what that table is checked against. Newest first.
 *
 * Source: dfinity/ic ci/container/build-ic.sh@0133a615 and the one of October 2024,
 * gitlab-ci/container/build-ic.sh@82df5509 and @00bb5e14, gitlab-ci/tools/docker-build-ic@0ddcb083
 * and build-ic@01cb7cfc, ic-os/defs.bzl@00a817d9 (both wrappings are built, summed and uploaded),
 * ci/src/artifacts/upload.sh@01e410f8
 */
export const LAYOUTS = {
  'attested-sums': NOW,
  'recovery-and-measurements': NOW,
  measurements: {
    command: ['./ci/container/build-ic.sh', '--icos'],
    sumSeparator: ' ',
    artifacts: { ...UPDATE_FOLDERS, 'guestos/launch-measurements': MEASUREMENTS },
  },
  'update-folders': {
    command: ['./ci/container/build-ic.sh', '--icos'],
    sumSeparator: ' ',
    artifacts: UPDATE_FOLDERS,
  },
  'os-folders': {
    command: ['./ci/container/build-ic.sh', '-i'],
    sumSeparator: ' *',
    artifacts: {
      ...guestos(`${ICOS}/guestos`, 'tar.zst'),
      ...hostAndSetupos(...OS_FOLDERS, 'tar.zst'),
    },
  },
  'gitlab-os-folders': {
    command: ['./gitlab-ci/container/build-ic.sh', '-i'],
    sumSeparator: ' *',
    artifacts: {
      ...guestos(`${ICOS}/guestos`, 'tar.zst'),
      ...hostAndSetupos(...OS_FOLDERS, 'tar.zst'),
    },
  },
  'gitlab-os-folders-gz': {
    command: ['./gitlab-ci/container/build-ic.sh', '-i'],
    sumSeparator: ' *',
    artifacts: {
      ...guestos(`${ICOS}/guestos`, 'tar.gz', 'tar.zst'),
      ...hostAndSetupos(...OS_FOLDERS, 'tar.gz', 'tar.zst'),
    },
  },
  'gitlab-one-image': {
    command: ['./gitlab-ci/container/build-ic.sh', '-i'],
    sumSeparator: ' *',
    artifacts: guestos(ICOS, 'tar.gz', 'tar.zst'),
  },
  'docker-one-image': {
    command: ['./gitlab-ci/tools/docker-build-ic'],
    sumSeparator: ' *',
    artifacts: guestos('artifacts/docker-build-ic/icos', 'tar.gz'),
  },
} as const satisfies Record<string, EraLayout>;

/** Name of an era, the same as in the project's own table. */
export type EraId = keyof typeof LAYOUTS;

/** All eras, newest first. */
export const ERA_IDS = Object.keys(LAYOUTS) as readonly EraId[];

/** The era of a release unless told otherwise. */
export type DefaultEra = 'recovery-and-measurements';
export const DEFAULT_ERA: DefaultEra = 'recovery-and-measurements';
