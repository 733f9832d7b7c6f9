import type { Conclusion, DifferenceClass } from '#libs/divergence';
import type { FactName } from '#libs/fingerprint';
import type { Defect } from '../world/ic-mini/defects.js';

/** What is to come out when one defect shows: told by what its script does, not by the tools. */
export interface Truth {
  /**
   * Where it is born, as people write a location; consequences are not among these. `*` stands for
   * all that differ there.
   */
  readonly roots: readonly string[];
  /** What may be said of it. */
  readonly classes: readonly DifferenceClass[];
  /** The recorded fact that decides; null for time, chance, and what nobody records. */
  readonly fact: FactName | null;
  /** Facts that go with it: of the same mount, user or setting. */
  readonly follows: readonly FactName[];
  readonly conclusion: Conclusion;
  /** What the catalogue calls it; null for what it does not know. */
  readonly cause: string | null;
}

const inRoot = (path: string) => `root.img › ${path}`;
const inShare = (file: string) => inRoot(`opt/ic/share/${file}`);
const TEMP = ['temp.filesystem', 'temp.tmpfs', 'temp.size', 'temp.free'] as const;
const LOCALE = ['locale.lang', 'locale.lc-all', 'locale.collation', 'locale.characters'] as const;
const explained = { follows: [], conclusion: 'explained' } as const;
const byUser = { fact: 'user.uid', follows: ['user.name'], conclusion: 'explained' } as const;
const byTemp = { fact: 'temp.filesystem', follows: TEMP, conclusion: 'explained' } as const;

/** The truth about each defect that changes bytes, on GuestOS or HostOS alone. */
export const TRUTHS = {
  'package-drift': {
    cause: 'package-drift',
    roots: [inRoot('usr/share/ca-certificates/*')],
    classes: ['package-version'],
    fact: 'container.run-conf-digest',
    ...explained,
  },
  timestamp: {
    cause: 'timestamp',
    roots: [inShare('build-time.txt')],
    classes: ['timestamp'],
    fact: null,
    ...explained,
  },
  mtime: {
    cause: 'mtime',
    roots: ['VERSION.TXT', 'boot.img', 'root.img'],
    classes: ['timestamp'],
    fact: null,
    ...explained,
  },
  'unsorted-dir': {
    cause: 'unsorted-directory',
    roots: ['boot.img › *', 'root.img › *'],
    classes: ['ordering'],
    ...byTemp,
  },
  'build-path': {
    cause: 'build-path',
    roots: [inShare('source-paths.txt')],
    classes: ['build-path'],
    fact: 'build.path',
    ...explained,
  },
  hostname: {
    cause: 'hostname',
    roots: [inShare('build-host.txt')],
    classes: ['hostname'],
    fact: 'machine.hostname',
    ...explained,
  },
  locale: {
    cause: 'locale-order',
    roots: [inShare('dependencies.txt')],
    classes: ['locale'],
    fact: 'locale.collation',
    follows: LOCALE,
    conclusion: 'explained',
  },
  umask: {
    cause: 'umask-mode',
    roots: ['VERSION.TXT', 'boot.img', 'root.img', 'boot.img › *', 'root.img › *'],
    classes: ['mode-owner'],
    fact: 'user.umask',
    ...explained,
  },
  'random-uuid': {
    cause: 'random-id',
    roots: ['root.img', 'boot.img'],
    classes: ['random-id', 'filesystem-header'],
    fact: null,
    ...explained,
  },
  'sparse-map': {
    cause: 'hole-map',
    roots: ['boot.img'],
    classes: ['hole-map'],
    fact: 'temp.block-size',
    follows: [...TEMP, 'temp.block-size'],
    conclusion: 'explained',
  },
  user: {
    cause: 'user',
    roots: [inShare('build-user.txt')],
    classes: ['user'],
    fact: 'user.name',
    follows: ['user.uid'],
    conclusion: 'explained',
  },
  'uid-owner': {
    cause: 'uid-owner',
    roots: ['boot.img › *', 'root.img › *'],
    classes: ['mode-owner'],
    ...byUser,
  },
  'hash-seed': {
    cause: 'hash-seed',
    roots: ['root.img', 'boot.img'],
    classes: ['random-id', 'filesystem-header'],
    fact: null,
    ...explained,
  },
  'gzip-level': {
    cause: 'gzip-level',
    roots: [inShare('toolchain.txt.gz')],
    classes: ['compression'],
    fact: 'container.run-conf-digest',
    ...explained,
  },
  'zstd-level': {
    cause: 'zstd-level',
    roots: ['the artifact itself'],
    classes: ['compression'],
    fact: 'cpu.count',
    ...explained,
  },
  'unsorted-tar': {
    cause: 'unsorted-directory',
    roots: ['the artifact itself'],
    classes: ['ordering'],
    ...byTemp,
  },
  xattr: { cause: 'xattr', roots: [inRoot('opt/ic/bin/*')], classes: ['xattr'], ...byUser },
  'extra-file': {
    cause: 'extra-file',
    roots: [inShare('.lock')],
    classes: ['only-in-one'],
    ...byUser,
  },
  parallelism: {
    cause: 'parallelism',
    roots: [inShare('build-order.txt')],
    classes: ['ordering'],
    fact: 'cpu.count',
    ...explained,
  },
  'file-list': {
    cause: 'unsorted-directory',
    roots: [inShare('files.txt')],
    classes: ['ordering'],
    ...byTemp,
  },
  kernel: {
    cause: 'kernel-release',
    roots: [inShare('build-kernel.txt')],
    classes: ['package-version', 'unknown'],
    fact: 'os.kernel',
    ...explained,
  },
  'time-zone': {
    cause: 'time-zone',
    roots: [inShare('release-time.txt')],
    classes: ['timestamp'],
    fact: 'time.zone',
    ...explained,
  },
  'open-files': {
    cause: null,
    roots: [inShare('limits.conf')],
    classes: ['unknown'],
    fact: null,
    follows: [],
    conclusion: 'unexplained',
  },
} as const satisfies Partial<Record<Defect, Truth>>;

/** A defect that changes bytes. */
export type ByteDefect = keyof typeof TRUTHS;

/** The truths about an image that has these defects. */
export function truthsOf(defects: readonly Defect[] = []): readonly Truth[] {
  const all: Partial<Record<Defect, Truth>> = TRUTHS;
  return defects.flatMap((defect) => all[defect] ?? []);
}

/** Whether no two builds have the same bytes, as time or chance is in them. */
export function isOwnEachTime(truths: readonly Pick<Truth, 'fact' | 'conclusion'>[]): boolean {
  return truths.some(({ fact, conclusion }) => fact === null && conclusion === 'explained');
}

/** The same truth about SetupOS, which has its tree on a partition of its disk. */
export function onDisk(truth: Truth): Truth {
  return { ...truth, roots: truth.roots.map((root) => root.replace('root.img', TREE_OF_SETUPOS)) };
}

/** Where SetupOS keeps its tree, and the images of the other two. */
export const TREE_OF_SETUPOS = 'disk.img › partition-2';
