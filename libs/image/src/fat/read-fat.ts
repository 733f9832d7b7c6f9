import { createHash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { type Attributes, type NodeKind, OrderDigest, valueText } from '#libs/manifest';
import { type ByteSource, PartByteSource } from '../byte-source.js';
import { RestDigest } from '../rest-digest.js';
import { RunSource } from '../run-source.js';
import { type FatShape, readShape } from './boot-sector.js';
import { ClusterTable, type Run } from './cluster-table.js';
import { listDirectory, type NamedEntry } from './directory.js';
import { ATTRIBUTE, entryAttributes, type FatEntry } from './entry.js';
import { headerAttributes } from './header.js';
import { malformed } from './malformed.js';

/** One name in a filesystem. */
export interface FatMember {
  /** As in a manifest; the root directory is `.`. */
  readonly path: string;
  readonly kind: NodeKind;
  readonly attributes: Attributes;
  /** The bytes of a file; empty for a directory. */
  open(): ByteSource;
}

/** What to do with each member, and where to stop. */
export interface FatReading {
  readonly onMember: (member: FatMember) => void | Promise<void>;
  readonly maxMembers: number;
  /** Told the bytes of each file before it is hashed; may throw. */
  readonly onContent?: (sizeBytes: number) => void;
  /** Called now and then; may throw. */
  readonly check?: () => void;
  /** Whether files are hashed; else `content` is left out. */
  readonly isHashed?: boolean;
}

const MAX_DEPTH = 64;
const PIECE_BYTES = 1024 ** 2;
/** After so much others get their turn: reading is synchronous. */
const TURN_BYTES = 16 * PIECE_BYTES;

/**
 * Reads a FAT12, FAT16 or FAT32 filesystem: all its names, and what belongs to none of them. Returns
 * the attributes of the container.
 *
 * Bounds: one directory and the table of clusters in memory, some 8 bytes for each cluster.
 *
 * @throws ImageError MALFORMED_FILESYSTEM, TOO_MANY_MEMBERS as MALFORMED_FILESYSTEM, TRUNCATED
 * Source: Microsoft FAT specification, August 2005
 */
export async function readFat(source: ByteSource, reading: FatReading): Promise<Attributes> {
  return new FatReader(source, reading).read();
}

class FatReader {
  readonly #shape: FatShape;
  readonly #table: ClusterTable;
  readonly #rest = new RestDigest();
  #members = 0;
  #turnBytes = 0;
  #label: FatEntry | null = null;

  constructor(
    private readonly source: ByteSource,
    private readonly reading: FatReading,
  ) {
    this.#shape = readShape(source);
    this.#table = new ClusterTable(this.#shape, source);
  }

  async read(): Promise<Attributes> {
    const { rootCluster, rootStart, rootBytes, sizeBytes } = this.#shape;
    const runs =
      rootCluster === 0
        ? [{ start: rootStart, lengthBytes: rootBytes }]
        : this.#table.chain(rootCluster);
    await this.#readDirectory('.', runs, { layout: layoutOf(runs) }, []);
    const attributes = headerAttributes(this.source, this.#shape);
    for (const { start, lengthBytes } of this.#table.untaken()) {
      if (this.reading.isHashed !== false) this.#rest.add(this.source, start, lengthBytes);
    }
    this.#addGaps();
    const rest = this.#rest.value();
    return {
      ...attributes,
      ...this.#labelAttributes(),
      table: this.#tableDigest(),
      ...(rest !== null && { rest }),
      ...(this.source.sizeBytes > sizeBytes && { beyond: this.source.sizeBytes - sizeBytes }),
    };
  }

  async #readDirectory(
    path: string,
    runs: readonly Run[],
    own: Attributes,
    above: readonly FatEntry[],
  ): Promise<void> {
    const depth = above.length;
    if (depth > MAX_DEPTH) throw malformed(`has directories deeper than ${MAX_DEPTH}`);
    const sizeBytes = runs.reduce((sum, run) => sum + run.lengthBytes, 0);
    const rest = new RestDigest();
    const listing = listDirectory(
      new RunSource(this.source, runs, sizeBytes),
      this.#shape.bits,
      rest,
    );
    if (depth === 0) this.#label = listing.label;
    else if (listing.label !== null) rest.note('label', listing.label.raw);
    const order = new OrderDigest();
    const within = listing.entries.filter((entry) => !isDot(entry));
    const dots = listing.entries.filter(isDot);
    for (const dot of dots) noteDot(rest, dot, above);
    const first = listing.entries.slice(0, depth === 0 ? 0 : 2).map(({ name }) => name);
    const isUsual = dots.length === first.length && ['', '.,..'].includes(first.join());
    if (!isUsual) rest.note('dots', Buffer.from(dots.map(({ name }) => name).join()));
    for (const { name } of within) order.add(name);
    const left = rest.value();
    await this.#tell(path, 'directory', {
      ...own,
      order: order.value(),
      ...(left !== null && { rest: left }),
    });
    for (const entry of within) {
      await this.#readEntry(path === '.' ? entry.name : `${path}/${entry.name}`, entry, above);
    }
  }

  async #readEntry(path: string, entry: NamedEntry, above: readonly FatEntry[]): Promise<void> {
    this.reading.check?.();
    if (entry.name.includes('/') || ['', '.', '..'].includes(entry.name)) {
      throw malformed('has a name that leads out of its directory');
    }
    const isDirectory = (entry.attribute & ATTRIBUTE.directory) !== 0;
    const runs = entry.firstCluster === 0 ? [] : this.#table.chain(entry.firstCluster);
    const attributes: Attributes = {
      ...entryAttributes(entry),
      ...(entry.isLong && { 'short-name': valueText(entry.raw.subarray(0, 11)) }),
      layout: layoutOf(runs),
    };
    if (isDirectory) {
      if (runs.length === 0 || entry.sizeBytes !== 0) {
        throw malformed('has a directory with the size of a file, or without a place');
      }
      await this.#readDirectory(path, runs, attributes, [...above, entry]);
      return;
    }
    const room = runs.reduce((sum, run) => sum + run.lengthBytes, 0);
    const whole = new RunSource(this.source, runs, room);
    if (entry.sizeBytes > room) throw malformed('has a file that is larger than its clusters');
    const file = new PartByteSource(whole, 0, entry.sizeBytes);
    const slack = new RestDigest();
    slack.add(whole, entry.sizeBytes, room - entry.sizeBytes);
    const left = slack.value();
    const sized = { ...attributes, size: entry.sizeBytes, ...(left !== null && { rest: left }) };
    const content = this.reading.isHashed === false ? {} : { content: await this.#hash(file) };
    await this.#tell(path, 'file', { ...sized, ...content }, file);
  }

  async #tell(
    path: string,
    kind: NodeKind,
    attributes: Attributes,
    file?: ByteSource,
  ): Promise<void> {
    this.#members += 1;
    if (this.#members > this.reading.maxMembers) {
      throw malformed(`has more than ${this.reading.maxMembers} names`);
    }
    const open = (): ByteSource => file ?? new PartByteSource(this.source, 0, 0);
    await this.reading.onMember({ path, kind, attributes, open });
  }

  async #hash(file: ByteSource): Promise<string> {
    this.reading.onContent?.(file.sizeBytes);
    const hash = createHash('sha256');
    for (let at = 0; at < file.sizeBytes; at += PIECE_BYTES) {
      this.reading.check?.();
      const bytes = Math.min(PIECE_BYTES, file.sizeBytes - at);
      hash.update(file.read(at, bytes));
      this.#turnBytes += bytes;
      if (this.#turnBytes < TURN_BYTES) continue;
      this.#turnBytes = 0;
      await setImmediate();
    }
    return hash.digest('hex');
  }

  #labelAttributes(): Attributes {
    if (this.#label === null) return {};
    const { raw } = this.#label;
    const name = raw.toString('latin1', 0, 11).trimEnd();
    return {
      label: valueText(Buffer.from(name, 'latin1')),
      'label-entry': raw.toString('hex', 11),
    };
  }

  /** `same` where all copies of the table are; the digest of its oddities follows. */
  #tableDigest(): string {
    const { tables, tableBytes, reservedBytes } = this.#shape;
    const first = Buffer.from(this.source.read(reservedBytes, tableBytes));
    const others = new RestDigest();
    for (let copy = 1; copy < tables; copy += 1) {
      const place = reservedBytes + copy * tableBytes;
      if (!this.source.read(place, tableBytes).equals(first)) {
        others.add(this.source, place, tableBytes);
        others.note(`copy ${copy}`, Buffer.from('differs'));
      }
    }
    return `${others.value() ?? 'same'} ${this.#table.oddities()}`;
  }

  /** What lies between the last cluster and the end, and between root directory and first cluster. */
  #addGaps(): void {
    const { rootStart, rootBytes, dataStart, clusters, clusterBytes } = this.#shape;
    this.#rest.add(this.source, rootStart + rootBytes, dataStart - rootStart - rootBytes);
    const end = dataStart + clusters * clusterBytes;
    this.#rest.add(this.source, end, this.source.sizeBytes - end);
  }
}

function isDot({ raw, isLong }: NamedEntry): boolean {
  return !isLong && /^\.{1,2} +$/.test(raw.toString('latin1', 0, 11));
}

/**
 * A directory names itself and the one above, mostly with its own times. Only what is otherwise is kept,
 * so that another time of a directory is told once.
 */
function noteDot(
  rest: RestDigest,
  { name, raw, firstCluster }: NamedEntry,
  above: readonly FatEntry[],
): void {
  const self = above.at(-1);
  const named = name === '.' ? self : above.at(-2);
  const untold = Buffer.from(raw);
  if (firstCluster === (named?.firstCluster ?? 0)) {
    untold.fill(0, 20, 22);
    untold.fill(0, 26, 28);
  }
  for (const [from, to] of [
    [13, 20],
    [22, 26],
  ] as const) {
    if (self?.raw.subarray(from, to).equals(untold.subarray(from, to)) === true)
      untold.fill(0, from, to);
  }
  // Where they stand as they should, their names tell nothing.
  untold.fill(0, 0, 11);
  untold.writeUInt8(untold.readUInt8(11) ^ ATTRIBUTE.directory, 11);
  rest.note(name, untold);
}

function layoutOf(runs: readonly Run[]): string {
  const text = runs.map(({ start, lengthBytes }) => `${start}+${lengthBytes}`).join(' ');
  return text.length <= 80 ? text : createHash('sha256').update(text).digest('hex');
}
