import type { Sha256 } from '#libs/encoding';

const HEX_BYTES = 64;

/** Digests by the number of an inode, outside the heap: the collector need not go through them. */
export class PassedDigests {
  readonly #places = new Map<number, number>();
  #hex = Buffer.alloc(1024 * HEX_BYTES);

  set(inode: number, digest: Sha256): void {
    const at = this.#places.size * HEX_BYTES;
    if (at === this.#hex.length) this.#hex = Buffer.concat([this.#hex, Buffer.alloc(at)]);
    this.#hex.write(digest, at, HEX_BYTES, 'latin1');
    this.#places.set(inode, at);
  }

  get(inode: number): Sha256 | undefined {
    const at = this.#places.get(inode);
    return at === undefined ? at : (this.#hex.toString('latin1', at, at + HEX_BYTES) as Sha256);
  }
}
