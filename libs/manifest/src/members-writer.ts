import { compareText, quote, type Sha256 } from '#libs/encoding';
import { BUCKET_NODES, INNER_SLOTS, MAX_DEPTH, MAX_MEMBERS } from './bounds.js';
import { ManifestError } from './error.js';
import type { Container, ManifestNode } from './form.js';
import { encodeChecked } from './encode-checked.js';
import { encodeEntries, encodeSlots, sealPage } from './page.js';
import type { PageSink } from './page-source.js';
import { trieKey } from './trie-key.js';

interface Entry {
  readonly key: string;
  readonly path: string;
  readonly text: string;
}

/**
 * Collects the nodes of one container, in any order, and writes the pages that hold them: a trie over
 * the digits of the paths' digests, in which up to 32 nodes are one bucket. What comes out follows
 * from the set alone. Holds each node as its text, some 500 bytes, until {@link finish}.
 */
export class MembersWriter {
  readonly #entries: Entry[] = [];

  constructor(private readonly sink: PageSink) {}

  /** Takes one node. @throws ManifestError BAD_NODE or TOO_LARGE */
  add(node: ManifestNode): void {
    if (this.#entries.length >= MAX_MEMBERS) {
      throw new ManifestError('TOO_LARGE', `a container has more than ${MAX_MEMBERS} members`);
    }
    const text = encodeChecked(node);
    this.#entries.push({ key: trieKey(node.path), path: node.path, text });
  }

  /**
   * Writes the pages, children before parents, and gives what a {@link Container} says of its members.
   *
   * @throws ManifestError REPEATED_PATH
   */
  finish(): Pick<Container, 'members' | 'count'> {
    const count = this.#entries.length;
    return { count, members: count === 0 ? null : this.#write(this.#entries, 0) };
  }

  #write(entries: readonly Entry[], depth: number): Sha256 {
    if (entries.length <= BUCKET_NODES) return this.#emit(encodeEntries(sortedTexts(entries)));
    // So many different paths with one digest there are not.
    if (depth === MAX_DEPTH) throw repeated(entries[0]?.path ?? '');
    const parts = Array.from({ length: INNER_SLOTS }, (): Entry[] => []);
    for (const entry of entries) parts[digitAt(entry.key, depth)]?.push(entry);
    const slots = parts.map((part) => (part.length === 0 ? null : this.#write(part, depth + 1)));
    return this.#emit(encodeSlots(slots));
  }

  #emit(text: string): Sha256 {
    const { digest, bytes } = sealPage(text);
    this.sink(digest, bytes);
    return digest;
  }
}

/** The value of a digit; as fast as it is because every node comes here once for each level. */
function digitAt(key: string, depth: number): number {
  const code = key.charCodeAt(depth);
  return code < 0x3a ? code - 0x30 : code - 0x57;
}

/** A bucket's texts by path, so that a set has one writing. */
function sortedTexts(entries: readonly Entry[]): string[] {
  const sorted = entries.toSorted((a, b) => compareText(a.path, b.path));
  sorted.forEach(({ path }, i) => {
    if (sorted[i + 1]?.path === path) throw repeated(path);
  });
  return sorted.map(({ text }) => text);
}

function repeated(path: string): ManifestError {
  return new ManifestError('REPEATED_PATH', `a container has ${quote(path)} twice`);
}
