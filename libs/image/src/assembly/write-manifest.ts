import { asSha256, type Sha256 } from '#libs/encoding';
import { writeRoot } from '#libs/manifest';
import { HashThread } from '../beside/hash-thread.js';
import { type FileByteSource, openFileSource } from '../byte-source.js';
import { ForgottenBytes } from '../passed-files.js';
import { ManifestFileWriter } from '../manifest-store-writer.js';
import { recogniseSource } from '../recognise.js';
import { keepHeapSmall } from './small-heap.js';
import { Assembler } from './assembler.js';
import { Budget } from './budget.js';
import type { ContentFacts } from './context.js';
import { hashSource } from './hash-source.js';
import type { ManifestLimits } from './limits.js';

const MIN_THREAD_BYTES = 16 * 1024 ** 2;

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
 * Makes the content manifest of an artifact, reading it once, streaming; twice, where a filesystem in it
 * is not what it seemed to be as it streamed by.
 *
 * Nothing is mounted or extracted, and no privilege is needed: filesystems and disks are read where
 * they lie, in the artifact or in a nameless temporary file. What a reader refuses keeps the digest of
 * its bytes and an attribute `unread`, the code of the refusal; so broken contents have a manifest too.
 *
 * Bounds: a process that does nothing else stays below 300 MiB for an image of 1 GiB with 100,000 files
 * (`./run bench explain`). For that it sets flags of V8, which hold from then on: {@link keepHeapSmall}.
 *
 * @throws ImageError NOT_READABLE, INTERRUPTED
 * @throws ImageError TOO_LARGE, TOO_MANY_MEMBERS past a limit of the whole
 */
export async function writeManifest(request: ManifestRequest): Promise<WrittenManifest> {
  keepHeapSmall();
  try {
    return await writeOnce(request, true);
  } catch (error) {
    if (!(error instanceof ForgottenBytes)) throw error;
    // What was taken for a filesystem is none, or a broken one: then all of its bytes are wanted.
    return writeOnce(request, false);
  }
}

async function writeOnce(request: ManifestRequest, isForgetful: boolean): Promise<WrittenManifest> {
  const source = openFileSource(request.path);
  const budget = new Budget(request.limits, request.signal, source.sizeBytes);
  // A thread takes as long to start as hashing so much.
  const thread = source.sizeBytes < MIN_THREAD_BYTES ? null : new HashThread();
  try {
    budget.checkOn();
    const writer = new ManifestFileWriter(request.into);
    try {
      const parts = [writer.sink, budget, request.spoolDir, isForgetful, thread] as const;
      const written = await assemble(source, writer, new Assembler(...parts));
      writer.finish(written.root);
      return written;
    } finally {
      writer.discard();
    }
  } finally {
    await thread?.close();
    source.close();
  }
}

async function assemble(
  source: FileByteSource,
  writer: ManifestFileWriter,
  assembler: Assembler,
): Promise<WrittenManifest> {
  const { budget } = assembler;
  const digest = besideOf(source, assembler.thread);
  const facts = await assembler.describe(source, 0);
  const sha256 = await digestOf(source, facts, budget, digest);
  const { sizeBytes } = source;
  const attributes = { ...facts.attributes, size: sizeBytes, content: sha256 };
  const root = writeRoot({ ...facts, path: '', kind: 'file', attributes }, writer.sink);
  return { root, sha256, sizeBytes, nodes: budget.nodes };
}

/** Hashes all of an artifact beside, where it is read in place and so will not be hashed on the way. */
async function besideOf(source: FileByteSource, thread: HashThread | null): Promise<string | null> {
  const form = recogniseSource(source);
  if (thread === null || form === null || form === 'gzip' || form === 'zstd') return null;
  try {
    return await thread.ask('whole', source.whole);
  } catch {
    // It is tried once more by whoever needs it, who tells what is wrong.
    return null;
  }
}

/** What was hashed on the way is not read again. */
async function digestOf(
  source: FileByteSource,
  { attributes, inside }: ContentFacts,
  budget: Budget,
  beside: Promise<string | null>,
): Promise<Sha256> {
  const known = inside?.attributes['stream'] ?? attributes['content'] ?? (await beside);
  if (known !== null) return asSha256(known.toString());
  return hashSource(source, budget.checkOn);
}
