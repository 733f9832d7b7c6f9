import { SORTED, type Attributes, type Location, type ManifestNode } from '#libs/manifest';
import type { Sighting } from './compare.js';
import { locationKey } from './location-order.js';
import { pick } from './pick.js';

/** Containers that are nothing but what they hold and how it was packed. */
const PACKED: ReadonlySet<unknown> = new Set(['gzip', 'zstd', 'tar']);

/** What of a compressed stream has to differ where its content does. */
const OF_A_STREAM: ReadonlySet<string> = new Set(['stream', 'content-size']);

/**
 * Knows which differences merely follow from others of the same walk. Only what has to follow is
 * taken away: which file has another's digest in it, the bytes have to tell.
 */
export class Consequences {
  /** Containers that do not hold the same, by members or by attributes of their own. */
  readonly #members = new Set<string>();
  readonly #inside = new Set<string>();
  /** Containers, directories in them, and linked files, of which something is only in one. */
  readonly #presence = new Set<string>();
  /** Containers of which a member is only in one, or larger there. */
  readonly #shifted = new Set<string>();
  /** Containers of which a member has other holes: an archive stores more of it, or less. */
  readonly #repacked = new Set<string>();

  membersDiffer(container: Location): void {
    this.#members.add(locationKey(container));
    this.#inside.add(locationKey(container));
  }

  onlyInOne(container: Location, node: ManifestNode): void {
    this.#presence.add(locationKey(container));
    this.#presence.add(locationKey([...container, parentOf(node.path)]));
    this.#shifted.add(locationKey(container));
    const target = node.attributes['target'];
    if (node.kind === 'hardlink' && target !== undefined) {
      this.#presence.add(locationKey([...container, target.toString()]));
    }
  }

  seen({ location, isContainer, left, right }: Sighting): void {
    if (isContainer) this.#inside.add(locationKey(location));
    else if (left?.['size'] !== right?.['size']) {
      this.#shifted.add(locationKey(location.slice(0, -1)));
    } else if (left?.['holes'] !== right?.['holes']) {
      this.#repacked.add(locationKey(location.slice(0, -1)));
    }
  }

  /** Parts a sighting into what is its own and what follows; each null where nothing of it does. */
  part(sighting: Sighting): { readonly own: Sighting | null; readonly follows: Sighting | null } {
    const { left, right } = sighting;
    if (left === null || right === null) return { own: sighting, follows: null };
    const names = [...new Set([...Object.keys(left), ...Object.keys(right)])];
    const follows = names.filter((name) => this.#follows(name, sighting, left, right));
    const own = names.filter((name) => !follows.includes(name));
    const only = (some: readonly string[]): Sighting | null =>
      some.length === 0 ? null : { ...sighting, left: pick(left, some), right: pick(right, some) };
    return { own: only(own), follows: only(follows) };
  }

  #follows(name: string, sighting: Sighting, left: Attributes, right: Attributes): boolean {
    const key = locationKey(sighting.location);
    const around = sighting.isContainer ? key : locationKey(sighting.location.slice(0, -1));
    // An archive is filled up to whole records: how much that takes depends on what is before it.
    if (name === 'trailing') return this.#shifted.has(around) || this.#repacked.has(around);
    if (name === 'layout') return this.#shifted.has(around);
    if (name === 'order') return this.#presence.has(key) && !isSortedInOne(left, right);
    if (sighting.isContainer) return OF_A_STREAM.has(name) && this.#members.has(key);
    if (name === 'links') return this.#presence.has(key);
    // Holes are runs of zeros of the content; another unit of them is the tool's or the disk's.
    if (name === 'holes') {
      // The content of what holds others need not be told beside them.
      const isOther = left['content'] !== right['content'];
      const isWithin = sighting.form !== null && this.#inside.has(key);
      return (isOther || isWithin) && left['hole-unit'] === right['hole-unit'];
    }
    if (name === 'size' && sighting.kind === 'directory') return this.#presence.has(key);
    const isWhole = name === 'content' || (name === 'size' && PACKED.has(sighting.form));
    return isWhole && sighting.form !== null && this.#inside.has(key);
  }
}

/** A digest over other names is another one; a sorted side beside an unsorted one is told surely. */
function isSortedInOne(left: Attributes, right: Attributes): boolean {
  return left['order'] === SORTED || right['order'] === SORTED;
}

function parentOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}
