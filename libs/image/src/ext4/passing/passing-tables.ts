import { ImageError } from '../../error.js';
import { readGroup, tableBlocks } from '../group-table.js';
import { readSuperblock, SUPERBLOCK_AT, SUPERBLOCK_BYTES, type Superblock } from '../superblock.js';
import { HeadSource } from './head-source.js';
import { type InodeTable, inodeTables } from './inode-tables.js';
import { type SingleRun, singleRun } from './single-run.js';
import { WaitingRuns } from './waiting-runs.js';

/** Most files of which the places are remembered; those of others are kept, and read later. */
const MAX_RUNS = 500_000;
/** Descriptors of more groups than that nobody writes: 64 TiB have eight times as many. */
const MAX_HEAD_BYTES = 4 * 1024 ** 2;
/** Below are the filesystem's own, which have no names. */
const FIRST_INODE_AT = 0x54;
const FIRST_INODE = 11;
const ZEROS = Buffer.alloc(64 * 1024);

/** Reads a filesystem's header and its tables of inodes as they stream by, and knows where files begin. */
export class PassingTables {
  blockBytes = 1024;
  #head: Buffer | null = Buffer.alloc(0);
  #headBytes = SUPERBLOCK_AT + SUPERBLOCK_BYTES;
  #superblock: Superblock | null = null;
  #firstInode = FIRST_INODE;
  #tables: InodeTable[] = [];
  /** An inode of which only a part came. */
  #part: Buffer = Buffer.alloc(0);
  readonly #runs = new WaitingRuns();

  /** The file that begins at a place. */
  runAt(at: number): SingleRun | null {
    if (this.#runs.size === 0 || at % this.blockBytes !== 0) return null;
    return this.#isInTable(at) ? null : this.#runs.take(at / this.blockBytes);
  }

  /** How many of the next bytes are of no file and, if of a table, of one only; at least one. */
  plainBytes(at: number, most: number): number {
    if (this.#head !== null) return Math.min(most, this.#headBytes - at);
    this.#passTables(at);
    const [table] = this.#tables;
    if (table !== undefined && at >= table.start) return Math.min(most, table.end - at);
    const end = Math.min(at + most, table?.start ?? Infinity);
    if (this.#runs.size === 0) return end - at;
    // Nothing but a hole can be this long; then it is shorter to look at all files.
    if ((end - at) / this.blockBytes > this.#runs.size) return this.#nextStart(at, end) - at;
    let block = Math.floor(at / this.blockBytes) + 1;
    while (block * this.blockBytes < end && !this.#runs.has(block)) block += 1;
    return Math.min(end, block * this.blockBytes) - at;
  }

  /** Takes bytes as {@link plainBytes} has measured them. */
  take(at: number, bytes: Buffer): void {
    if (this.#head !== null) this.#takeHead(bytes);
    else if (this.#isInTable(at)) this.#takeTable(at, bytes);
  }

  /** The same for zeros that nobody stores. */
  hole(at: number, lengthBytes: number): void {
    if (this.#head === null && !this.#isInTable(at)) return;
    for (let done = 0; done < lengthBytes; done += ZEROS.length) {
      this.take(at + done, ZEROS.subarray(0, Math.min(ZEROS.length, lengthBytes - done)));
    }
  }

  /** Leaves tables behind: also those that a file lay over, whatever it is that says so. */
  #passTables(at: number): void {
    for (
      let [table] = this.#tables;
      table !== undefined && table.end <= at;
      [table] = this.#tables
    ) {
      this.#tables.shift();
      this.#part = Buffer.alloc(0);
    }
  }

  #nextStart(at: number, end: number): number {
    let next = end;
    for (const block of this.#runs.blocks()) {
      const start = block * this.blockBytes;
      if (start > at && start < next) next = start;
    }
    return next;
  }

  #isInTable(at: number): boolean {
    const [table] = this.#tables;
    return table !== undefined && at >= table.start && at < table.end;
  }

  #takeHead(bytes: Buffer): void {
    const head = Buffer.concat([this.#head ?? bytes, bytes]);
    this.#head = head;
    if (head.length < this.#headBytes) return;
    try {
      this.#readHead(head);
    } catch (error) {
      // Whoever reads the filesystem will say what is wrong with it.
      if (!(error instanceof ImageError || error instanceof RangeError)) throw error;
      this.#head = null;
    }
  }

  #readHead(head: Buffer): void {
    const source = new HeadSource(head);
    const superblock = (this.#superblock ??= readSuperblock(source));
    const { blockBytes, firstDataBlock } = superblock;
    this.#headBytes = (Math.max(firstDataBlock, 1) + 1 + tableBlocks(superblock)) * blockBytes;
    if (this.#headBytes > MAX_HEAD_BYTES) this.#head = null;
    if (this.#head === null || head.length < this.#headBytes) return;
    this.#head = null;
    const bytes = source.read.bind(source);
    const tables = inodeTables(superblock, (group) => readGroup(superblock, { bytes }, group));
    this.blockBytes = blockBytes;
    this.#firstInode = Math.max(FIRST_INODE, superblock.bytes.readUInt32LE(FIRST_INODE_AT));
    this.#tables = tables.filter(({ start }) => start >= head.length);
  }

  #takeTable(at: number, bytes: Buffer): void {
    const [table] = this.#tables;
    const inodeBytes = this.#superblock?.inodeBytes;
    if (table === undefined || inodeBytes === undefined) return;
    const whole = this.#part.length === 0 ? bytes : Buffer.concat([this.#part, bytes]);
    const index = (at - this.#part.length - table.start) / inodeBytes;
    const count = Math.floor(whole.length / inodeBytes);
    for (let nth = 0; nth < count; nth += 1) {
      this.#add(whole, nth * inodeBytes, table.first + index + nth, table.end);
    }
    this.#part = Buffer.from(whole.subarray(count * inodeBytes));
  }

  #add(table: Buffer, at: number, inode: number, end: number): void {
    if (inode < this.#firstInode || this.#runs.count >= MAX_RUNS) return;
    const run = singleRun(table, at, inode, this.blockBytes);
    if (run !== null && run.first * this.blockBytes >= end) this.#runs.add(run);
  }
}
