import type { Location, ManifestNode } from '#libs/manifest';
import type { Difference } from '../difference.js';
import { aspectsOf } from './aspects.js';
import { comparePair, onlyIn, type Sighting } from './compare.js';
import { Consequences } from './consequences.js';
import { compareLocations, locationKey } from './location-order.js';
import type { Task } from './task.js';

/** Gathers what two sides do not have alike, up to so many, and what is to be looked at next. */
export class Findings {
  readonly #sightings: Sighting[] = [];
  readonly #consequences = new Consequences();
  /** How many were kept of a container's members, and (null) of containers. */
  readonly #counts = new Map<string | null, number>();
  #untold = 0;

  constructor(private readonly maxDifferences: number) {}

  get untold(): number {
    return this.#untold;
  }

  /** Two nodes of one path. */
  pair(location: Location, left: ManifestNode, right: ManifestNode): Task[] {
    for (const sighting of comparePair(location, left, right)) this.#see(sighting);
    const [inLeft, inRight] = [left.inside, right.inside];
    if (inLeft?.form !== inRight?.form || inLeft?.members === inRight?.members) return [];
    this.#consequences.membersDiffer(location);
    const container = { location, pages: 0 };
    return [
      { container, prefix: '', left: inLeft?.members ?? null, right: inRight?.members ?? null },
    ];
  }

  /** Some members of one container, all that either side has of some place in it. */
  members(
    container: Location,
    left: readonly ManifestNode[],
    right: readonly ManifestNode[],
  ): Task[] {
    const others = new Map(right.map((node) => [node.path, node]));
    const tasks: Task[] = [];
    for (const node of left) {
      const other = others.get(node.path);
      others.delete(node.path);
      const location = [...container, node.path];
      if (other === undefined) this.#alone(onlyIn('left', location, node), container, node);
      else tasks.push(...this.pair(location, node, other));
    }
    for (const node of others.values()) {
      this.#alone(onlyIn('right', [...container, node.path], node), container, node);
    }
    return tasks;
  }

  /** What was seen, parted into what is of its own and what merely follows from something else. */
  told(): { readonly differences: Difference[]; readonly consequences: Difference[] } {
    const parts = this.#sightings.map((sighting) => this.#consequences.part(sighting));
    const own = parts.flatMap((part) => part.own ?? []);
    const follows = parts.flatMap((part) => part.follows ?? []);
    // Everything seems to follow from something: then rather too much than nothing.
    if (own.length === 0) return { differences: this.#cut(follows), consequences: [] };
    return { differences: this.#cut(own), consequences: inOrder(follows) };
  }

  #alone(sighting: Sighting, container: Location, node: ManifestNode): void {
    this.#consequences.onlyInOne(container, node);
    this.#see(sighting);
  }

  #see(sighting: Sighting): void {
    this.#consequences.seen(sighting);
    // A disk full of changed times does not crowd out what differs in the one beside it.
    const among = sighting.form === null ? locationKey(sighting.location.slice(0, -1)) : null;
    const most = among === null ? this.maxDifferences : Math.ceil(this.maxDifferences / 2);
    const count = this.#counts.get(among) ?? 0;
    if (count < most && this.#sightings.length < 2 * this.maxDifferences) {
      this.#counts.set(among, count + 1);
      this.#sightings.push(sighting);
    } else {
      this.#untold += 1;
    }
  }

  #cut(sightings: readonly Sighting[]): Difference[] {
    const told = inOrder(sightings.slice(0, this.maxDifferences));
    this.#untold += sightings.length - told.length;
    return told;
  }
}

function inOrder(sightings: readonly Sighting[]): Difference[] {
  return sightings
    .toSorted(
      (a, b) =>
        compareLocations(a.location, b.location) || Number(a.isContainer) - Number(b.isContainer),
    )
    .map(({ location, kind, left, right }) => {
      const isAlone = left === null || right === null;
      const aspects = isAlone ? (['presence'] as const) : aspectsOf(left, right);
      return { location, kind, aspects, left, right };
    });
}
