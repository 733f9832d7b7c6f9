import { quote } from '#libs/encoding';
import type { Location } from '#libs/manifest';
import { type ByteSource, type FileByteSource, PartByteSource } from '../byte-source.js';
import { gunzip, unzstd } from '../compression.js';
import { ImageError } from '../error.js';
import { openExt4File } from '../ext4/index.js';
import { openFatFile } from '../fat/open-fat-file.js';
import { readPartitionTable } from '../gpt/partition-table.js';
import { readPhysicalVolume } from '../lvm/physical-volume.js';
import { PEEK_BYTES, recognise, recogniseSource } from '../recognise.js';
import { Budget } from './budget.js';
import { partitionPath } from './disk.js';
import { piecesOf } from './hash-source.js';
import type { ManifestLimits } from './limits.js';
import { dataPath } from './lvm-container.js';
import { Spool, type Spooled } from './spool.js';
import { spoolMember } from './tar-member.js';

/** Sources that cost little to find again are forgotten beyond so many. */
const MAX_FOUND = 64;

/** Finds contents by their location, and keeps what had to be unpacked until it is closed. */
export class ArtifactContents {
  readonly #found = new Map<string, ByteSource>();
  readonly #spooled = new Map<string, Spooled>();
  readonly #spool: Budget;

  constructor(
    private readonly artifact: FileByteSource,
    private readonly spoolDir: string,
    private readonly limits: Partial<ManifestLimits> | undefined,
    private readonly signal: AbortSignal | undefined,
  ) {
    this.#spool = this.#newBudget();
  }

  /** @throws ImageError MEMBER_MISSING, and what the readers on the way refuse */
  async find(location: Location): Promise<ByteSource> {
    const name = location.at(-1);
    if (name === undefined || location[0] !== '') throw missing(location);
    if (location.length === 1) return this.artifact;
    const key = JSON.stringify(location);
    const known = this.#spooled.get(key)?.source ?? this.#found.get(key);
    if (known !== undefined) return known;
    const source = await this.#child(location.slice(0, -1), name, key);
    const [oldest] = this.#found.keys();
    if (this.#found.size >= MAX_FOUND && oldest !== undefined) this.#found.delete(oldest);
    if (!this.#spooled.has(key)) this.#found.set(key, source);
    return source;
  }

  close(): void {
    for (const spooled of this.#spooled.values()) spooled.close();
    this.#spooled.clear();
    this.#found.clear();
    this.artifact.close();
  }

  async #child(parent: Location, name: string, key: string): Promise<ByteSource> {
    const archive = await this.#streamedArchive(parent);
    if (archive !== null)
      return this.#keep(key, await spoolMember(archive, name, this.#newSpool()));
    const source = await this.find(parent);
    const form = recogniseSource(source);
    switch (form) {
      case 'gzip':
      case 'zstd':
        if (name !== '') break;
        return this.#keep(key, await this.#unpack(source, form));
      case 'tar':
        return this.#keep(key, await spoolMember(piecesOf(source), name, this.#newSpool()));
      case 'gpt':
        return partition(source, name);
      case 'ext4':
        return openExt4File(source, name);
      case 'fat':
        return openFatFile(source, name);
      case 'lvm':
        return dataArea(source, name);
      case null:
        break;
    }
    throw missing([...parent, name]);
  }

  /**
   * An archive inside a compressed stream is walked as it comes: of what may be the largest thing of
   * all, only the wanted member is kept.
   */
  async #streamedArchive(location: Location): Promise<AsyncIterable<Buffer> | null> {
    if (location.length < 2 || location.at(-1) !== '') return null;
    const packed = await this.find(location.slice(0, -1));
    const form = recogniseSource(packed);
    if (form !== 'gzip' && form !== 'zstd') return null;
    const head: Buffer[] = [];
    let headBytes = 0;
    for await (const bytes of this.#unpacked(packed, form)) {
      head.push(Buffer.from(bytes.subarray(0, PEEK_BYTES)));
      headBytes += bytes.length;
      if (headBytes >= PEEK_BYTES) break;
    }
    return recognise(Buffer.concat(head)) === 'tar' ? this.#unpacked(packed, form) : null;
  }

  async *#unpacked(source: ByteSource, form: 'gzip' | 'zstd'): AsyncGenerator<Buffer> {
    const budget = this.#newBudget();
    const pieces = piecesOf(source);
    for await (const bytes of form === 'gzip' ? gunzip(pieces) : unzstd(pieces)) {
      budget.checkOn();
      budget.takeBytes(bytes.length);
      yield bytes;
    }
  }

  async #unpack(source: ByteSource, form: 'gzip' | 'zstd'): Promise<Spooled> {
    const spool = this.#newSpool();
    try {
      for await (const bytes of this.#unpacked(source, form)) spool.data(bytes);
      return spool.finish();
    } catch (error) {
      spool.abandon();
      throw error;
    }
  }

  #newBudget(): Budget {
    return new Budget(this.limits, this.signal, this.artifact.sizeBytes);
  }

  #newSpool(): Spool {
    return new Spool(this.spoolDir, this.#spool.takeSpool);
  }

  #keep(key: string, spooled: Spooled): ByteSource {
    this.#spooled.set(key, spooled);
    return spooled.source;
  }
}

function partition(source: ByteSource, name: string): ByteSource {
  const { partitions } = readPartitionTable(source);
  const found = partitions.find(({ number }) => partitionPath(number) === name);
  if (found === undefined) throw missing([name]);
  return new PartByteSource(source, found.start, found.lengthBytes);
}

function dataArea(source: ByteSource, name: string): ByteSource {
  const found = readPhysicalVolume(source).data.find((_, index) => dataPath(index) === name);
  if (found === undefined) throw missing([name]);
  return new PartByteSource(source, found.start, found.lengthBytes);
}

function missing(location: Location): ImageError {
  const path = location.join(' › ');
  return new ImageError('MEMBER_MISSING', `no file ${quote(path)} is in the artifact`);
}
