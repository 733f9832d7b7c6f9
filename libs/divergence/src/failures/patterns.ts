/** One way in which builds are known to fail. */
export interface FailurePattern {
  readonly id: string;
  /** Failure classes that it can have; none: any. */
  readonly classes: readonly string[];
  /** What some line says; null where the class alone is enough. */
  readonly line: RegExp | null;
  /** What a line says as well where the builder told that this fact is true. */
  readonly lineWhere?: { readonly fact: string; readonly line: RegExp };
  readonly explanation: string;
  readonly remedy: string;
  readonly source: string | null;
}

const BUILD_SCRIPT = 'dfinity/ic ci/container/build-ic.sh';
const CONTAINER_RUN = 'dfinity/ic ci/container/container-run.sh';
const THREAD_12305 = 'forum.dfinity.org/t/12305';
const THREAD_19486 = 'forum.dfinity.org/t/19486';

/** Looked through in this order: what a line says before what the class alone tells. */
export const KNOWN_FAILURES: readonly FailurePattern[] = [
  {
    id: 'temp-tar-permission',
    classes: [],
    line: /PermissionError.{0,80}\/tmp\/tmp[\w.-]{1,80}\.tar|atexit.{0,200}PermissionError/i,
    explanation:
      'at its end the build could not remove a temporary archive, as /tmp in the container belongs to somebody else',
    remedy: 'give the container a /tmp of its own with mode 1777, or build as the user who owns it',
    source: THREAD_12305,
  },
  {
    id: 'block-size-refused',
    classes: [],
    line: /has block size \d{1,9} \(expected \d{1,9}\)/,
    explanation: 'the commit refuses a temp folder on a filesystem with blocks of another size',
    remedy: 'put the temp folder on a filesystem whose blocks have 4096 bytes',
    source: 'dfinity/ic toolchains/sysimage/reproducibility.py',
  },
  {
    id: 'tmpfs-full',
    classes: ['out-of-space'],
    // The script of that time mounts a tmpfs at /var/sysimage; what is behind /tmp only facts tell.
    line: /\/var\/sysimage|\btmpfs\b|\/dev\/shm/i,
    lineWhere: { fact: 'temp.tmpfs', line: /\/tmp\// },
    explanation: 'a temp folder in memory was full, as the machine has too little of it',
    remedy:
      'more memory or swap, or another temp folder on a disk whose blocks have 4096 bytes; without tmpfs some releases came out different',
    source: THREAD_19486,
  },
  {
    id: 'disk-full',
    classes: ['out-of-space'],
    line: null,
    explanation: 'a filesystem was full',
    remedy: '100 GB free for the build, its cache and the home; builder doctor names the folder',
    source: BUILD_SCRIPT,
  },
  {
    id: 'podman-too-old',
    classes: [],
    line: /unknown flag: --(?:hostuser|userns)|--hostuser.{0,40}(?:unknown|not supported)/i,
    explanation: 'the container engine does not know an option that the script gives it',
    remedy: 'podman 4 or newer',
    source: CONTAINER_RUN,
  },
  {
    id: 'no-idmapped-mounts',
    classes: [],
    line: /idmap(?:ped)?[ -]mounts?|mount_setattr/i,
    explanation: 'kernel or filesystem cannot map the ids of a mount',
    remedy: 'a kernel of 5.12 or newer, and a home on ext4, xfs or btrfs',
    source: CONTAINER_RUN,
  },
  {
    id: 'download-in-the-way',
    classes: [],
    line: /(?:file|update-img\S{0,20}).{0,40}already (?:there|exists)|refusing to overwrite/i,
    explanation: 'a file of an earlier release lies where this one was to be downloaded to',
    remedy: 'remove the old download; never compare with it',
    source: THREAD_12305,
  },
  {
    id: 'package-archive-moved',
    classes: [],
    line: /hash sum mismatch|(?:404 +not found|failed to fetch).{0,120}(?:\.deb|\/pool\/|ubuntu|debian)/i,
    explanation: 'the archive of packages no longer has what the build asks for',
    remedy: 'pin packages to a snapshot of the archive; until then nobody can build this commit',
    source: THREAD_19486,
  },
  {
    id: 'recovery-image-missing',
    classes: ['output-missing', 'unsupported-commit'],
    line: /recovery/i,
    explanation: 'the commit is older than the recovery image that was expected of it',
    remedy: 'compare by the row of the commit’s own era',
    source: 'dfinity/ic #7024',
  },
  {
    id: 'image-pull',
    classes: ['image-pull'],
    line: null,
    explanation: 'the container image could not be pulled',
    remedy: 'registry and network; an image that is built locally instead may hold other tools',
    source: CONTAINER_RUN,
  },
  {
    id: 'out-of-memory',
    classes: ['out-of-memory'],
    line: null,
    explanation: 'the kernel ended a part of the build for want of memory',
    remedy: '16 GB, or fewer jobs at a time; under WSL raise memory and swap in .wslconfig',
    source: THREAD_12305,
  },
  {
    id: 'network',
    classes: ['network'],
    line: null,
    explanation: 'a host could not be reached, or the connection broke',
    remedy: 'build again; downloads are resumed',
    source: null,
  },
  {
    id: 'source-unavailable',
    classes: ['source-unavailable'],
    line: null,
    explanation: 'the commit is not published: normal for a security fix until it is deployed',
    remedy: 'open another round once the source is public',
    source: 'forum.dfinity.org/t/11069',
  },
  {
    id: 'dirty-tree',
    classes: ['dirty-tree'],
    line: null,
    explanation: 'the script refuses a checkout with changes of its own',
    remedy: 'check the commit out anew',
    source: BUILD_SCRIPT,
  },
  {
    id: 'missing-tool',
    classes: ['missing-tool'],
    line: null,
    explanation: 'a program that the build calls is not installed',
    remedy: 'builder doctor names it, and with --fix installs it',
    source: BUILD_SCRIPT,
  },
  {
    id: 'not-permitted',
    classes: ['permission'],
    line: null,
    explanation: 'the building user may not write or call something',
    remedy: 'builder doctor names the folder or program',
    source: THREAD_12305,
  },
  {
    id: 'no-progress',
    classes: ['timeout'],
    line: null,
    explanation: 'the build said nothing for too long and was ended',
    remedy: 'a machine with more processors and memory: one processor takes hours',
    source: THREAD_12305,
  },
  {
    id: 'time-limit',
    classes: ['time-limit'],
    line: null,
    explanation: 'the build was ended by the operator’s limit of time, though it was still at work',
    remedy: 'a larger BUILD_TIMEOUT_SECONDS, or a machine with more processors',
    source: null,
  },
  {
    id: 'too-many-processes',
    classes: ['too-many-processes'],
    line: null,
    explanation: 'the build started more processes than the operator allows, as a fork bomb does',
    remedy: 'read what the commit’s script starts; then fewer jobs, or a larger BUILD_PROCESSES',
    source: null,
  },
  {
    id: 'disk-limit',
    classes: ['disk-limit'],
    line: null,
    explanation: 'the build wrote more than the operator allows it of the disk',
    remedy: '100 GB for a build; where that was given, read what the commit’s script writes',
    source: BUILD_SCRIPT,
  },
  {
    id: 'log-limit',
    classes: ['log-limit'],
    line: null,
    explanation: 'the build printed more than the operator allows, and was ended',
    remedy: 'read the log’s end: builds of releases print some megabytes',
    source: null,
  },
];
