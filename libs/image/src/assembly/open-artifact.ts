import type { Sha256 } from '#libs/encoding';
import type { Location } from '#libs/manifest';
import { type ByteSource, openFileSource, PartByteSource } from '../byte-source.js';
import { ArtifactContents } from './artifact-contents.js';
import { hashSource } from './hash-source.js';
import type { ManifestLimits } from './limits.js';

/** Where and how an artifact's contents are looked up. */
export interface ArtifactOptions {
  /** As for `writeManifest`: nested contents are unpacked into nameless files there, once each. */
  readonly spoolDir: string;
  readonly limits?: Partial<ManifestLimits>;
  readonly signal?: AbortSignal;
}

/** Digests of a file's consecutive pieces; the last piece of the file may be shorter. */
export interface ChunkDigests {
  /** Of the whole file, holes included. */
  readonly sizeBytes: number;
  /** Of pieces `first`, `first + 1`, …; fewer than asked for at the end of the file. */
  readonly digests: readonly Sha256[];
}

/** Finds the bytes of single nodes of an artifact, by their location in its manifest. */
export interface ArtifactReader {
  /**
   * Hashes pieces of a node's content.
   *
   * @throws ImageError MEMBER_MISSING where no file is there; otherwise as `writeManifest`
   */
  chunkDigests(
    location: Location,
    chunkBytes: number,
    first: number,
    count: number,
  ): Promise<ChunkDigests>;
  /**
   * Reads a part of a node's content; shorter than `length` at its end.
   *
   * @throws ImageError MEMBER_MISSING where no file is there; otherwise as `writeManifest`
   */
  bytes(location: Location, offset: number, length: number): Promise<Uint8Array>;
  /** Ends it, and frees what it keeps on disk. */
  close(): Promise<void>;
}

/**
 * Opens an artifact, so that bytes of its files can be looked up.
 *
 * @throws ImageError NOT_READABLE
 */
export async function openArtifact(
  path: string,
  options: ArtifactOptions,
): Promise<ArtifactReader> {
  const artifact = await Promise.resolve(openFileSource(path));
  const { limits, signal, spoolDir } = options;
  const contents = new ArtifactContents(artifact, spoolDir, limits, signal);
  // One question at a time: sources share the memory that they read into.
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = async <T>(work: () => Promise<T>): Promise<T> => {
    const before = last;
    const turn = before.then(work, work);
    last = turn.catch(() => undefined);
    return turn;
  };
  return {
    chunkDigests: (location, chunkBytes, first, count) =>
      inTurn(async () => digestChunks(await contents.find(location), chunkBytes, first, count)),
    bytes: (location, offset, length) =>
      inTurn(async () => {
        const source = await contents.find(location);
        const end = Math.min(source.sizeBytes, offset + length);
        return new Uint8Array(source.read(Math.min(offset, end), Math.max(0, end - offset)));
      }),
    close: () =>
      inTurn(async () => {
        contents.close();
        return Promise.resolve();
      }),
  };
}

async function digestChunks(
  source: ByteSource,
  chunkBytes: number,
  first: number,
  count: number,
): Promise<ChunkDigests> {
  const { sizeBytes } = source;
  const digests: Sha256[] = [];
  for (let at = first * chunkBytes; at < sizeBytes && digests.length < count; at += chunkBytes) {
    const length = Math.min(chunkBytes, sizeBytes - at);
    digests.push(await hashSource(new PartByteSource(source, at, length), () => undefined));
  }
  return { sizeBytes, digests };
}
