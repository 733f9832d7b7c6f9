import type { Location } from '#libs/manifest';
import type { Finding } from '../difference.js';
import { packageOf } from './packages.js';
import { containerOf, directoryOf } from './place.js';

/**
 * What rules look for among all findings, found once: a hostile artifact has tens of thousands of them,
 * and to go through all for each would keep whoever explains from everything else.
 */
export interface FindingIndex {
  /** The first finding below a location, on whatever level. */
  readonly inside: ReadonlyMap<string, Finding>;
  /** By container: directories that only one side has. */
  readonly newDirectories: ReadonlyMap<string, readonly Finding[]>;
  /** The first thing that only one side has, by the directory that it is in. */
  readonly newEntries: ReadonlyMap<string, Finding>;
  /** The same by container alone. */
  readonly newMembers: ReadonlyMap<string, Finding>;
  /** Those that tell of another version of a package. */
  readonly packages: readonly Finding[];
}

const indexes = new WeakMap<readonly Finding[], FindingIndex>();

/** Gives the index of some findings, which may not change from then on. */
export function indexOf(all: readonly Finding[]): FindingIndex {
  const index = indexes.get(all) ?? makeIndex(all);
  indexes.set(all, index);
  return index;
}

/** A location as the key of a map. */
export function keyOf(location: Location, directory?: string): string {
  return JSON.stringify(directory === undefined ? location : [...location, directory]);
}

function makeIndex(all: readonly Finding[]): FindingIndex {
  const inside = new Map<string, Finding>();
  const newDirectories = new Map<string, Finding[]>();
  const newEntries = new Map<string, Finding>();
  const newMembers = new Map<string, Finding>();
  for (const finding of all) {
    const { location, left, right, kind } = finding.difference;
    for (let depth = 0; depth < location.length; depth += 1) {
      addFirst(inside, keyOf(location.slice(0, depth)), finding);
    }
    if (left !== null && right !== null) continue;
    const container = containerOf(location);
    addFirst(newEntries, keyOf(container, directoryOf(location)), finding);
    addFirst(newMembers, keyOf(container), finding);
    if (kind !== 'directory') continue;
    const known = newDirectories.get(keyOf(container)) ?? [];
    known.push(finding);
    newDirectories.set(keyOf(container), known);
  }
  const packages = all.filter((finding) => packageOf(finding) !== null);
  return { inside, newDirectories, newEntries, newMembers, packages };
}

function addFirst(map: Map<string, Finding>, key: string, finding: Finding): void {
  if (!map.has(key)) map.set(key, finding);
}
