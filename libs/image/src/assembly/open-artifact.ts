import type { Sha256 } from '#libs/encoding';
import type { Location } from '#libs/manifest';
import { ImageError } from '../error.js';
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
  await Promise.resolve();
  throw new ImageError('NOT_READABLE', `cannot read ${path} with ${options.spoolDir}`);
}
