import type { Location, ManifestNode } from '#libs/manifest';
import type { Difference } from '../difference.js';
import { aspectsOf } from './aspects.js';
import { comparePair, onlyIn, type Sighting } from './compare.js';
import { Consequences } from './consequences.js';
import { compareLocations } from './location-order.js';
import type { Task } from './task.js';

/** Gathers what two sides do not have alike, up to so many, and what is to be looked at next. */
export class Findings {
  readonly #sightings: Sighting[] = [];
  readonly #consequences = new Consequences();
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

  /** All that was seen, without what merely follows from something else of it. */
  told(): Difference[] {
    const own = this.#sightings.flatMap((sighting) => this.#consequences.without(sighting));
    // Everything was thought to follow from something: then rather too much than nothing.
    const told = own.length === 0 ? this.#sightings : own;
    return told
      .map(({ location, kind, isContainer, left, right }) => ({
        isContainer,
        difference: {
          location,
          kind,
          aspects: left === null || right === null ? PRESENCE : aspectsOf(left, right),
          left,
          right,
        },
      }))
      .sort(
        (a, b) =>
          compareLocations(a.difference.location, b.difference.location) ||
          Number(a.isContainer) - Number(b.isContainer),
      )
      .map(({ difference }) => difference);
  }

  #alone(sighting: Sighting, container: Location, node: ManifestNode): void {
    this.#consequences.onlyInOne(container, node);
    this.#see(sighting);
  }

  #see(sighting: Sighting): void {
    this.#consequences.seen(sighting);
    if (this.#sightings.length < this.maxDifferences) this.#sightings.push(sighting);
    else this.#untold += 1;
  }
}

const PRESENCE = ['presence'] as const;
