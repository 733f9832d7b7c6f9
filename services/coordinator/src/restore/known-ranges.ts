import { PersistenceError } from '#libs/persistence';
import { hashChildren, splitPoint, type LeafRange } from '#libs/tlog';

/** A part of a tree as far as it is known: a hash, a leaf that is missing, or two such parts. */
export type TreePart =
  | { readonly hash: Uint8Array }
  | { readonly missing: number }
  | { readonly left: TreePart; readonly right: TreePart };

/** Gives the hash of a leaf; undefined where it is missing. */
export type LeafAt = (index: number) => Uint8Array | undefined;

/**
 * Hashes of subtrees of one log, each shown by what the log's key signed: proofs, roots, and the right
 * edge of what is stored.
 */
export class KnownRanges {
  private readonly hashes = new Map<string, { readonly range: LeafRange; hash: Uint8Array }>();

  /**
   * Takes in what a subtree hashes to.
   *
   * @throws PersistenceError COPY_UNUSABLE where it was shown to hash to something else: then the log's
   *   key signed two trees
   */
  add(range: LeafRange, hash: Uint8Array): void {
    const id = idOf(range);
    const known = this.hashes.get(id);
    if (known === undefined) {
      this.hashes.set(id, { range, hash });
    } else if (Buffer.compare(known.hash, hash) !== 0) {
      throw contradiction(range);
    }
  }

  hashOf(range: LeafRange): Uint8Array | undefined {
    return this.hashes.get(idOf(range))?.hash;
  }

  /** Gives those that reach beyond the first `from` leaves, the shortest first. */
  beyond(from: bigint): readonly { readonly range: LeafRange; readonly hash: Uint8Array }[] {
    return [...this.hashes.values()]
      .filter(({ range }) => range.end > from)
      .toSorted((a, b) => Number(a.range.end - a.range.begin - (b.range.end - b.range.begin)));
  }

  /**
   * Takes a subtree apart, down to what is known or missing. Its own hash is made no use of; what is
   * known of a smaller one stands for all of its leaves, so that they are looked for by themselves.
   */
  partsOf({ begin, end }: LeafRange, leafAt: LeafAt): TreePart {
    if (end - begin === 1n) return leafPart(Number(begin), leafAt);
    const split = begin + splitPoint(end - begin);
    const left = this.part({ begin, end: split }, leafAt);
    const right = this.part({ begin: split, end }, leafAt);
    return 'hash' in left && 'hash' in right
      ? { hash: hashChildren(left.hash, right.hash) }
      : { left, right };
  }

  private part(range: LeafRange, leafAt: LeafAt): TreePart {
    const hash = this.hashOf(range);
    return hash === undefined ? this.partsOf(range, leafAt) : { hash };
  }
}

function leafPart(index: number, leafAt: LeafAt): TreePart {
  const hash = leafAt(index);
  return hash === undefined ? { missing: index } : { hash };
}

/** Computes a subtree's hash where every leaf that was missing has one. */
export function hashOfPart(part: TreePart, leaves: ReadonlyMap<number, Uint8Array>): Uint8Array {
  if ('hash' in part) return part.hash;
  if ('missing' in part) return leaves.get(part.missing) ?? new Uint8Array(32);
  return hashChildren(hashOfPart(part.left, leaves), hashOfPart(part.right, leaves));
}

/** Names the leaves that are missing in a part, rising. */
export function missingIn(part: TreePart): readonly number[] {
  if ('hash' in part) return [];
  if ('missing' in part) return [part.missing];
  return [...missingIn(part.left), ...missingIn(part.right)];
}

function contradiction({ begin, end }: LeafRange): PersistenceError {
  return new PersistenceError(
    'COPY_UNUSABLE',
    `the log's key signed two trees that differ in leaves ${begin} to ${end - 1n}: nothing can be ` +
      'restored that contradicts neither',
  );
}

function idOf({ begin, end }: LeafRange): string {
  return `${begin}-${end}`;
}
