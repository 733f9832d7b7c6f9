import { randomUUID } from 'node:crypto';
import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { quote, type Sha256 } from '#libs/encoding';
import type { PageSink } from '#libs/manifest';
import { ImageError } from './error.js';
import { INDEX_ENTRY_BYTES, MAGIC, TRAILER_BYTES } from './manifest-store-form.js';

/** So many bytes of pages are gathered before they are written. */
const GATHERED_BYTES = 1024 ** 2;

/**
 * Writes a manifest's pages into one file, as they are made. The file is there under its name only
 * once it is complete; a crash leaves at most `<name>.<id>.part` beside it.
 *
 * Bounds: holds 1 MiB of pages, and some 150 bytes for each page.
 */
export class ManifestFileWriter {
  /** Takes the next page; the same one again costs nothing. @throws ImageError NOT_READABLE */
  readonly sink: PageSink = (digest, bytes) => {
    if (this.#pages.has(digest)) return;
    this.#pages.set(digest, { offset: this.#sizeBytes, length: bytes.length });
    this.#put(bytes);
  };

  readonly #partial: string;
  readonly #file: number;
  readonly #pages = new Map<Sha256, { readonly offset: number; readonly length: number }>();
  readonly #gathered = Buffer.allocUnsafeSlow(GATHERED_BYTES);
  #gatheredBytes = 0;
  #sizeBytes = 0;
  #isOpen = true;

  /** Begins a file in a folder that is there. @throws ImageError NOT_READABLE */
  constructor(private readonly path: string) {
    this.#partial = `${path}.${randomUUID()}.part`;
    this.#file = this.#onDisk(() => openSync(this.#partial, 'wx', 0o600));
    this.#put(MAGIC);
  }

  /**
   * Writes the index, waits until all of it is on the disk, and gives the file its name.
   *
   * @throws ImageError NOT_READABLE, where the disk refuses; nothing is left then
   */
  finish(root: Sha256): void {
    const trailer = Buffer.alloc(TRAILER_BYTES);
    trailer.write(root, 'hex');
    trailer.writeBigUInt64BE(BigInt(this.#sizeBytes), 32);
    trailer.writeUInt32BE(this.#pages.size, 40);
    this.#put(this.#index());
    this.#put(trailer);
    try {
      this.#onDisk(() => {
        this.#flush();
        fsyncSync(this.#file);
        this.#close();
        renameSync(this.#partial, this.path);
        syncFolder(dirname(this.path));
      });
    } finally {
      this.discard();
    }
  }

  /** Gives up what was begun. Does nothing after {@link finish}. */
  discard(): void {
    this.#close();
    rmSync(this.#partial, { force: true });
  }

  #index(): Buffer {
    const index = Buffer.alloc(this.#pages.size * INDEX_ENTRY_BYTES);
    let at = 0;
    for (const digest of [...this.#pages.keys()].sort()) {
      const { offset, length } = this.#pages.get(digest) ?? { offset: 0, length: 0 };
      index.write(digest, at, 'hex');
      index.writeBigUInt64BE(BigInt(offset), at + 32);
      index.writeUInt32BE(length, at + 40);
      at += INDEX_ENTRY_BYTES;
    }
    return index;
  }

  #put(bytes: Uint8Array): void {
    this.#sizeBytes += bytes.length;
    for (let at = 0; at < bytes.length;) {
      if (this.#gatheredBytes === GATHERED_BYTES) {
        this.#onDisk(() => {
          this.#flush();
        });
      }
      const part = bytes.subarray(at, at + GATHERED_BYTES - this.#gatheredBytes);
      this.#gathered.set(part, this.#gatheredBytes);
      this.#gatheredBytes += part.length;
      at += part.length;
    }
  }

  #flush(): void {
    const bytes = this.#gathered.subarray(0, this.#gatheredBytes);
    this.#gatheredBytes = 0;
    for (let at = 0; at < bytes.length;) at += writeSync(this.#file, bytes, at);
  }

  #close(): void {
    if (this.#isOpen) closeSync(this.#file);
    this.#isOpen = false;
  }

  #onDisk<T>(work: () => T): T {
    try {
      return work();
    } catch (cause) {
      throw new ImageError('NOT_READABLE', `cannot keep a manifest as ${quote(this.path)}`, {
        cause,
      });
    }
  }
}

function syncFolder(path: string): void {
  const folder = openSync(path, 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}
