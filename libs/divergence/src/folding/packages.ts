import { isDpkgStatus } from '../classes/dpkg-status.js';
import type { Difference, Finding } from '../difference.js';
import { inContainer, isOfNoPackage } from './package-paths.js';
import { containerOf, directoryOf, isSame } from './place.js';

/** A package of which both sides have another version, as far as a finding tells of it. */
export interface DriftedPackage {
  /** Null where the finding tells none, and where it is not dpkg's own: any text can look like a version. */
  readonly name: string | null;
  /** Whether a difference is of that package by its path, or of what is kept about all packages. */
  holds(difference: Difference): boolean;
}

/** What is kept about all packages, and made anew with each of them. */
const RECORDS =
  /^(?:var\/(?:lib\/(?:dpkg\/(?:status|available)(?:-old)?|apt\/extended_states|apt\/lists\/[^/]+)|cache\/(?:apt\/(?:src)?pkgcache\.bin|debconf\/[a-z]+\.dat(?:-old)?|ldconfig\/aux-cache)|log\/(?:dpkg|alternatives|apt\/(?:history|term))\.log)|etc\/ld\.so\.cache)$/;
/** Versions are written into files of these names. */
const VERSION_FILE = /^\.?(?:version|release|build[-_]?info)/i;
const NAME = /^([a-z0-9][\w.+-]{2,60}): "/i;
/** Names of directories that many packages have files in, and that some packages are called like. */
const SHARED: ReadonlySet<string> = new Set([
  ...['usr', 'bin', 'sbin', 'lib', 'lib32', 'lib64', 'libx32', 'libexec', 'share', 'local', 'etc'],
  ...['var', 'opt', 'srv', 'run', 'boot', 'dev', 'proc', 'sys', 'src', 'include', 'games', 'cache'],
  ...[
    'log',
    'spool',
    'doc',
    'man',
    'info',
    'locale',
    'dpkg',
    'apt',
    'systemd',
    'system',
    'modules',
  ],
  ...['default', 'init.d', 'profile.d', 'data', 'conf', 'config', 'security', 'firmware', 'udev'],
  ...[
    'python3',
    'perl',
    'perl5',
    'bash-completion',
    'initramfs-tools',
    'debconf',
    'lintian',
    'grub',
  ],
  ...[
    'apparmor.d',
    'polkit-1',
    'dbus-1',
    'pam.d',
    'ssl',
    'ssh',
    'locales',
    'terminfo',
    'applications',
  ],
]);
/** What a name may go on with and still be the whole name of a file: an ending, and no number. */
const ENDING = /^\.[a-z][a-z0-9.]*$/;

const read = new WeakMap<Finding, DriftedPackage>();

/** Reads of what package a finding tells another version; null for other findings. */
export function packageOf(finding: Finding): DriftedPackage | null {
  if (finding.class !== 'package-version') return null;
  const known = read.get(finding) ?? readPackage(finding);
  read.set(finding, known);
  return known;
}

function readPackage({ detail, difference }: Finding): DriftedPackage {
  const { location } = difference;
  const [container, directory] = [containerOf(location), directoryOf(location)];
  const base = (location.at(-1) ?? '').slice(directory === '' ? 0 : directory.length + 1);
  const isNeighbourly = VERSION_FILE.test(base) && isOwnDirectory(directory);
  const named = isDpkgStatus(location) ? NAME.exec(detail)?.[1] : undefined;
  const name = named?.toLowerCase() ?? null;
  return {
    name,
    holds: (other) => {
      const path = inContainer(other, container);
      if (path === null || isOfNoPackage(other, path)) return false;
      // What else the file that tells the version holds is not of the package by that.
      if (isSame(other.location, location)) return other.aspects.every((each) => each === 'time');
      if (RECORDS.test(path)) return true;
      if (isNeighbourly && path.startsWith(`${directory}/`)) return true;
      return name !== null && isNamed(path.toLowerCase(), name);
    },
  };
}

/** At the top of a tree, and where many packages have files, every file would be a neighbour. */
function isOwnDirectory(directory: string): boolean {
  const segments = directory.split('/');
  return segments.length > 1 && !SHARED.has(segments.at(-1) ?? '');
}

/** Whether a segment of a path is a package's name, whole; a short one is a word too often. */
function isNamed(path: string, name: string): boolean {
  if (path.startsWith('var/lib/dpkg/info/')) {
    const file = path.slice('var/lib/dpkg/info/'.length);
    const own = file.startsWith(name) ? file.slice(name.length) : '';
    return /^(?::[a-z0-9-]+)?\.[a-z][a-z0-9]*$/.test(own);
  }
  if (path.startsWith(`usr/share/doc/${name}/`)) return true;
  if (SHARED.has(name)) return false;
  const segments = path.split('/');
  if (segments.includes(name)) return true;
  const base = segments.at(-1) ?? '';
  if (base.startsWith(name) && ENDING.test(base.slice(name.length))) return true;
  return libraryPackages(base).includes(name);
}

/**
 * The names that a package of a shared library may have: `libssl3` for `libssl.so.3`.
 *
 * Source: Debian Policy, section 8.1
 */
function libraryPackages(base: string): readonly string[] {
  const match = /^(lib[a-z0-9_+.-]{1,60}?)\.so\.(\d{1,4})(?:\.\d{1,6}){0,3}$/.exec(base);
  if (match === null) return [];
  const [, library = '', version = ''] = match;
  const plain = library.replaceAll('_', '-');
  return /\d$/.test(plain) ? [`${plain}-${version}`] : [`${plain}${version}`];
}
