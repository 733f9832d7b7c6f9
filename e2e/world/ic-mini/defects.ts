import { ARTIFACT_NAMES } from '../artifact.js';
import type { ArtifactName } from '../artifact.js';

/** The operating systems that have a defect of their own; the recovery image is GuestOS's. */
export const OPERATING_SYSTEMS = ['guestos', 'hostos', 'setupos'] as const;

/** One operating system of a release. */
export type OperatingSystem = (typeof OPERATING_SYSTEMS)[number];

/** What in a builder's surroundings makes a defect show. */
export type Trigger =
  | 'package mirror'
  | 'time'
  | 'temp filesystem type'
  | 'temp filesystem block size'
  | 'worktree path'
  | 'hostname'
  | 'locale'
  | 'umask'
  | 'user'
  | 'processors'
  | 'kernel'
  | 'time zone'
  | 'container-run.conf'
  | 'open files limit'
  | 'chance'
  | 'file size limit or full disk';

/** What one defect is, and how to see it. */
export interface DefectFacts {
  /** What the build does wrong. */
  readonly does: string;
  readonly trigger: Trigger;
  /** How to trigger it, in terms of a builder's environment. */
  readonly how: string;
  /**
   * Where the difference is born. One in the `tree` changes root.img, hence the boot image and the
   * launch measurements; one in the `archive` leaves the images equal and changes their wrapping.
   */
  readonly born: 'tree' | 'archive';
}

/** All defects. Each is real: switched on by the commit, shown or not by the surroundings. */
export const DEFECTS = {
  'package-drift': {
    does: 'installs the newest package of a mirror instead of a pinned one',
    trigger: 'package mirror',
    how: 'MIRROR_URL in ~/.container-run.conf names a mirror view in another state',
    born: 'tree',
  },
  timestamp: {
    does: 'writes the time of the build into a file',
    trigger: 'time',
    how: 'build twice',
    born: 'tree',
  },
  mtime: {
    does: 'leaves the build time as the modification time in the archive',
    trigger: 'time',
    how: 'build in two different seconds',
    born: 'archive',
  },
  'unsorted-dir': {
    does: 'creates files in the order in which the temp filesystem lists them',
    trigger: 'temp filesystem type',
    how: 'build with a temp folder on tmpfs, and on a disk',
    born: 'tree',
  },
  'build-path': {
    does: 'writes the path of the worktree into a file',
    trigger: 'worktree path',
    how: 'check out elsewhere',
    born: 'tree',
  },
  hostname: {
    does: "writes the machine's name into a file",
    trigger: 'hostname',
    how: 'build under another hostname',
    born: 'tree',
  },
  locale: {
    does: "sorts a list in the caller's collation",
    trigger: 'locale',
    how: 'build with LC_ALL=en_US.UTF-8 instead of C.UTF-8',
    born: 'tree',
  },
  umask: {
    does: "gives files the modes that the caller's umask leaves",
    trigger: 'umask',
    how: 'build with umask 077 instead of 022',
    born: 'tree',
  },
  'random-uuid': {
    does: 'lets mke2fs choose the UUID of the filesystem',
    trigger: 'chance',
    how: 'build twice',
    born: 'tree',
  },
  'sparse-map': {
    does: 'asks the temp filesystem where the holes of an image are',
    trigger: 'temp filesystem block size',
    how: 'build with a temp folder on ext4 with 1024-byte blocks, and on any with 4096',
    born: 'archive',
  },
  user: {
    does: "writes the building user's name into a file",
    trigger: 'user',
    how: 'build as root, and as nobody',
    born: 'tree',
  },
  'uid-owner': {
    does: 'leaves the files to the user who built them',
    trigger: 'user',
    how: 'build as root, and as nobody',
    born: 'tree',
  },
  'hash-seed': {
    does: 'lets mke2fs choose the seed by which directories are hashed',
    trigger: 'chance',
    how: 'build twice',
    born: 'tree',
  },
  'gzip-level': {
    does: 'compresses a file without saying how hard',
    trigger: 'container-run.conf',
    how: 'set GZIP=-1 in ~/.container-run.conf',
    born: 'tree',
  },
  'zstd-level': {
    does: 'compresses the archive the harder the more processors there are',
    trigger: 'processors',
    how: 'build with one processor, and with two',
    born: 'archive',
  },
  'unsorted-tar': {
    does: 'archives the images in the order in which the temp filesystem lists them',
    trigger: 'temp filesystem type',
    how: 'build with a temp folder on tmpfs, and on a disk',
    born: 'archive',
  },
  xattr: {
    does: "labels programs with the caller's part of the security policy",
    trigger: 'user',
    how: 'build as root, and as nobody',
    born: 'tree',
  },
  'extra-file': {
    does: 'leaves a lock in the tree where it may take one',
    trigger: 'user',
    how: 'build as root, and as nobody',
    born: 'tree',
  },
  parallelism: {
    does: 'writes the lines of a file job by job',
    trigger: 'processors',
    how: 'build with one processor, and with two',
    born: 'tree',
  },
  'file-list': {
    does: 'lists its files in the order in which the temp filesystem does',
    trigger: 'temp filesystem type',
    how: 'build with a temp folder on tmpfs, and on a disk',
    born: 'tree',
  },
  kernel: {
    does: "writes the machine's kernel release into a file",
    trigger: 'kernel',
    how: 'build under another kernel, or under `setarch --uname-2.6`',
    born: 'tree',
  },
  'time-zone': {
    does: "writes a fixed instant in the caller's time zone",
    trigger: 'time zone',
    how: 'build with TZ=UTC-2 instead of UTC',
    born: 'tree',
  },
  'open-files': {
    does: 'writes how many files a process may open, which no environment record tells',
    trigger: 'open files limit',
    how: 'build under another RLIMIT_NOFILE',
    born: 'tree',
  },
  'unchecked-copy': {
    does: 'ignores the exit status of the archiving pipeline, whose partial output stays',
    trigger: 'file size limit or full disk',
    how: 'build SetupOS with a file size limit of exactly SETUPOS_DISK_BYTES, or a temp filesystem of FULL_AT_SETUPOS_BYTES',
    born: 'archive',
  },
} as const satisfies Record<string, DefectFacts>;

/** Name of a defect. */
export type Defect = keyof typeof DEFECTS;

/** Which defects a commit has, per operating system; none is a clean release. */
export type Defects = Readonly<Partial<Record<OperatingSystem, readonly Defect[]>>>;

/** The artifacts that differ when a defect of an operating system shows, SetupOS's contents included. */
export function artifactsReached(os: OperatingSystem, defect: Defect): readonly ArtifactName[] {
  const own: Record<OperatingSystem, readonly ArtifactName[]> = {
    guestos: ['guestos/update-img', 'guestos-recovery/update-img', 'setupos/disk-img'],
    hostos: ['hostos/update-img', 'setupos/disk-img'],
    setupos: ['setupos/disk-img'],
  };
  const reached = new Set<ArtifactName>(own[os]);
  if (os === 'guestos' && DEFECTS[defect].born === 'tree') {
    reached.add('guestos/launch-measurements');
  }
  return ARTIFACT_NAMES.filter((name) => reached.has(name));
}

/** Writes the commit's `ic-os/defects.conf`: one line a defect, in one order for one set. */
export function formatDefects(defects: Defects): string {
  const lines = OPERATING_SYSTEMS.flatMap((os) =>
    [...new Set(defects[os])].sort().map((defect) => `${os} ${defect}\n`),
  );
  return `${HEADER}${lines.join('')}`;
}

const HEADER =
  '# One defect a line: the operating system, then its defect. No line: every build is the same.\n';
