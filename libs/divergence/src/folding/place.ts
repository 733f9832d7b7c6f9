import type { Location } from '#libs/manifest';
import type { Finding } from '../difference.js';

/** Whether a location is below another one, on whatever level. */
export function isInside(location: Location, around: Location): boolean {
  return location.length > around.length && startsWith(location, around);
}

/** Whether two locations are the same. */
export function isSame(a: Location, b: Location): boolean {
  return a.length === b.length && startsWith(a, b);
}

/** The container in which a node is. */
export function containerOf(location: Location): Location {
  return location.slice(0, -1);
}

/** The directory of a node within its container; empty at its top. */
export function directoryOf(location: Location): string {
  const path = location.at(-1) ?? '';
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

/** Whether a finding is one of a container, and not of the node that holds it. */
export function isOfContainer({ difference }: Finding): boolean {
  return CONTAINERS.has(difference.kind);
}

const CONTAINERS = new Set<string>(['gzip', 'zstd', 'tar', 'gpt', 'ext4', 'fat', 'lvm']);

function startsWith(location: Location, beginning: Location): boolean {
  return beginning.every((segment, index) => segment === location[index]);
}
