import type { Location } from '#libs/manifest';
import type { Difference } from '../difference.js';
import { isRunnable } from './runnable.js';

/** Where no package has files: what users and programs leave there is their own. */
const OF_USERS = /^(?:root|home|tmp|var\/tmp|run|srv)(?:\/|$)/;

/** The path that a difference has in a container, on whatever level below it lies; null outside of it. */
export function inContainer({ location }: Difference, container: Location): string | null {
  if (location.length <= container.length) return null;
  if (!container.every((segment, index) => segment === location[index])) return null;
  return location[container.length] ?? null;
}

/** Whether a difference is never taken for a package's: of users' own files, or what only one side has and can be run. */
export function isOfNoPackage(difference: Difference, path: string): boolean {
  if (OF_USERS.test(path)) return true;
  const { left, right } = difference;
  return (left === null || right === null) && isRunnable(difference);
}
