import type { Finding } from '#libs/divergence';
import { formatLocation } from '#libs/manifest';

/** How people write where the outermost thing is. */
export const ITSELF = formatLocation(['']);

/** Where something was found, each place once, as people write it. */
export function writtenLocations(findings: readonly Finding[]): string[] {
  return [...new Set(findings.map(({ difference }) => formatLocation(difference.location)))];
}

/** Leaves out whatever holds another one of the places: that it differs follows. */
export function leaves(locations: readonly string[]): string[] {
  const holds = (outer: string, inner: string) =>
    outer !== inner && (outer === ITSELF || inner.startsWith(`${outer} › `));
  return locations.filter((at) => !locations.some((other) => holds(at, other))).sort();
}

/** What is no consequence, and where. */
export function rootsOf(findings: readonly Finding[]) {
  return findings
    .filter(({ impliedBy }) => impliedBy === undefined)
    .map((finding) => ({ location: formatLocation(finding.difference.location), finding }));
}

/** Tells whether a place is one that a pattern stands for: `*` is any text. */
export function matches(pattern: string, location: string): boolean {
  const [start = '', ...rest] = pattern.split('*');
  return rest.length === 0 ? location === start : location.startsWith(start);
}
