import type { Location } from '#libs/manifest';
import type { Difference } from '../difference.js';

/** Where no package has files: what users and programs leave there is their own. */
const OF_USERS = /^(?:root|home|tmp|var\/tmp|run|srv)(?:\/|$)/;

/** The path that a difference has in a container, on whatever level below it lies; null outside of it. */
export function inContainer({ location }: Difference, container: Location): string | null {
  if (location.length <= container.length) return null;
  if (!container.every((segment, index) => segment === location[index])) return null;
  return location[container.length] ?? null;
}

/** Whether a difference is never taken for a package's: of users' own files, or a program that is only in one. */
export function isOfNoPackage({ kind, left, right }: Difference, path: string): boolean {
  if (OF_USERS.test(path)) return true;
  const alone = left ?? right;
  if (kind !== 'file' || (left !== null && right !== null) || alone === null) return false;
  // A mode that nobody told may be a program's.
  const mode = alone['mode'];
  return mode === undefined || (Number.parseInt(String(mode), 8) & 0o111) !== 0;
}
