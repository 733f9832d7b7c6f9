import type { Difference, Finding } from '../difference.js';
import { containerOf, directoryOf, isSame } from './place.js';

/** A package of which both sides have another version, as far as a finding tells of it. */
export interface DriftedPackage {
  /** Whether a difference may be of that package, or of what is kept about all packages. */
  holds(difference: Difference): boolean;
}

/** What is kept about packages, and made anew with each of them. */
const RECORDS =
  /^(?:var\/(?:lib\/(?:dpkg|apt|rpm)|cache\/(?:apt|debconf|ldconfig)|log)\/|etc\/ld\.so\.cache$)/;
/** Versions are written into files of these names. */
const VERSION_FILE = /^\.?(?:version|release|build[-_]?info)/i;
const NAME = /^([a-z0-9][\w.+-]{1,60}): "/i;

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
  const named = nameIn(detail);
  return {
    holds: (other) => {
      if (!isSame(containerOf(other.location), container)) return false;
      const path = other.location.at(-1) ?? '';
      if (RECORDS.test(path)) return true;
      // At the top of a tree every file would be its neighbour.
      if (VERSION_FILE.test(base) && directory !== '' && path.startsWith(`${directory}/`))
        return true;
      return named !== null && path.toLowerCase().includes(named);
    },
  };
}

/** Short names are parts of too many paths. */
function nameIn(detail: string): string | null {
  const name = NAME.exec(detail)?.[1]?.toLowerCase() ?? '';
  return name.length < 4 ? null : name;
}
