import { asSha256, type Sha256 } from '#libs/encoding';
import { writeRoot } from '#libs/manifest';
import { type FileByteSource, openFileSource } from '../byte-source.js';
import { ManifestFileWriter } from '../manifest-store-writer.js';
import { Assembler } from './assembler.js';
import { Budget } from './budget.js';
import type { ContentFacts } from './context.js';
import { hashSource } from './hash-source.js';
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
  const budget = new Budget(request.limits, request.signal);
  const source = openFileSource(request.path);
  try {
    budget.checkOn();
    const writer = new ManifestFileWriter(request.into);
    try {
      const written = await assemble(source, writer, budget, request.spoolDir);
      writer.finish(written.root);
      return written;
    } finally {
      writer.discard();
    }
  } finally {
    source.close();
  }
}

async function assemble(
  source: FileByteSource,
  writer: ManifestFileWriter,
  budget: Budget,
  spoolDir: string,
): Promise<WrittenManifest> {
  const facts = await new Assembler(writer.sink, budget, spoolDir).describe(source, 0);
  const sha256 = await digestOf(source, facts, budget);
  const { sizeBytes } = source;
  const attributes = { ...facts.attributes, size: sizeBytes, content: sha256 };
  const root = writeRoot({ ...facts, path: '', kind: 'file', attributes }, writer.sink);
  return { root, sha256, sizeBytes, nodes: budget.nodes };
}

/** What was hashed on the way is not read again. */
async function digestOf(
  source: FileByteSource,
  { attributes, inside }: ContentFacts,
  budget: Budget,
): Promise<Sha256> {
  const known = inside?.attributes['stream'] ?? attributes['content'];
  if (known !== undefined) return asSha256(known.toString());
  return hashSource(source, budget.checkOn);
}
