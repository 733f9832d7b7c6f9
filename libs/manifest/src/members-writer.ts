import { compareText, quote, type Sha256 } from '#libs/encoding';
import { BUCKET_NODES, INNER_SLOTS, MAX_DEPTH, MAX_MEMBERS } from './bounds.js';
import { ManifestError } from './error.js';
import type { Container, ManifestNode } from './form.js';
import { encodeChecked } from './encode-checked.js';
import { encodeSlots, sealEntries, sealPage } from './page.js';
import type { PageSink } from './page-source.js';
import { TextStore } from './text-store.js';
import { trieKey } from './trie-key.js';

const KEY_BYTES = 32;

/**
 * Collects the nodes of one container, in any order, and writes the pages that hold them: a trie over
 * the digits of the paths' digests, in which up to 32 nodes are one bucket. What comes out follows
 * from the set alone. Holds each node as its text, some 500 bytes outside the heap, until {@link finish}.
 */
export class MembersWriter {
  readonly #texts = new TextStore();
  readonly #paths = new TextStore();
  #keys = Buffer.alloc(64 * KEY_BYTES);

  constructor(private readonly sink: PageSink) {}

  /** Takes one node. @throws ManifestError BAD_NODE or TOO_LARGE */
  add(node: ManifestNode): void {
    const { count } = this.#texts;
    if (count >= MAX_MEMBERS) {
      throw new ManifestError('TOO_LARGE', `a container has more than ${MAX_MEMBERS} members`);
    }
    this.#texts.add(encodeChecked(node));
    this.#paths.add(node.path);
    if ((count + 1) * KEY_BYTES > this.#keys.length) {
      this.#keys = Buffer.concat([this.#keys, Buffer.alloc(this.#keys.length)]);
    }
    this.#keys.write(trieKey(node.path), count * KEY_BYTES, 'hex');
  }

  /**
   * Writes the pages, children before parents, and gives what a {@link Container} says of its members.
   *
   * @throws ManifestError REPEATED_PATH
   */
  finish(): Pick<Container, 'members' | 'count'> {
    const { count } = this.#texts;
    const all = Uint32Array.from({ length: count }, (_, at) => at);
    return { count, members: count === 0 ? null : this.#write(all, 0) };
  }

  #write(entries: Uint32Array | readonly number[], depth: number): Sha256 {
    if (entries.length <= BUCKET_NODES) {
      const sorted = this.#sorted(entries);
      const copy = (nth: number, target: Buffer, at: number): number =>
        this.#texts.copy(sorted[nth] ?? 0, target, at);
      return this.#emit(sealEntries(sorted.length, copy));
    }
    // So many different paths with one digest there are not.
    if (depth === MAX_DEPTH) throw repeated(this.#paths.get(entries[0] ?? 0));
    const parts = Array.from({ length: INNER_SLOTS }, (): number[] => []);
    for (const entry of entries) parts[this.#digit(entry, depth)]?.push(entry);
    const slots = parts.map((part) => (part.length === 0 ? null : this.#write(part, depth + 1)));
    return this.#emit(sealPage(encodeSlots(slots)));
  }

  /** The digit of an entry's key that says where on a level it goes. */
  #digit(entry: number, depth: number): number {
    const byte = this.#keys[entry * KEY_BYTES + (depth >> 1)] ?? 0;
    return depth % 2 === 0 ? byte >> 4 : byte & 0x0f;
  }

  /** A bucket's entries by path, so that a set has one writing. */
  #sorted(entries: Uint32Array | readonly number[]): number[] {
    const named = Array.from(entries, (entry) => ({ entry, path: this.#paths.get(entry) }));
    named.sort((a, b) => compareText(a.path, b.path));
    return named.map(({ entry, path }, i) => {
      if (named[i + 1]?.path === path) throw repeated(path);
      return entry;
    });
  }

  #emit({ digest, bytes }: ReturnType<typeof sealPage>): Sha256 {
    this.sink(digest, bytes);
    return digest;
  }
}

function repeated(path: string): ManifestError {
  return new ManifestError('REPEATED_PATH', `a container has ${quote(path)} twice`);
}
