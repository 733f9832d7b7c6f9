import { compareText } from '#libs/encoding';
import type { Location } from '#libs/manifest';

/** Orders locations as a tree is read: a container before what it holds, members by their paths. */
export function compareLocations(a: Location, b: Location): number {
  for (const [i, segment] of a.entries()) {
    const other = b[i];
    if (other === undefined) return 1;
    const order = compareText(segment, other);
    if (order !== 0) return order;
  }
  return a.length - b.length;
}

/** One text for one location: no segment has a NUL. */
export function locationKey(location: Location): string {
  return location.join('\0');
}
