import type { Location } from './form.js';

/** A location for people: `root.img › etc/hostname`. Streams have no name of their own and are left out. */
export function formatLocation(location: Location): string {
  const named = location.filter((segment) => segment !== '');
  return named.length === 0 ? 'the artifact itself' : named.join(' › ');
}
