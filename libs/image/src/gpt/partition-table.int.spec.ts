import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { MemoryByteSource } from '../byte-source.js';
import { makeDisk } from '../assembly/small-artifact.fixture.js';
import { diskAttributes } from './disk-attributes.js';
import { readPartitionTable } from './partition-table.js';

let dir = '';
let disk = Buffer.alloc(0);
const refusal = (code: string) => expect.objectContaining({ name: 'ImageError', code }) as Error;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'gpt-'));
  disk = await readFile(await makeDisk(dir));
});
afterAll(async () => rm(dir, { recursive: true, force: true }));

/** The disk with its primary table changed, and its checksums made anew. */
function changed(change: (header: Buffer, table: Buffer) => void): MemoryByteSource {
  const copy = Buffer.from(disk);
  const [header, table] = [copy.subarray(512, 604), copy.subarray(1024, 1024 + 128 * 128)];
  change(header, table);
  const bytes = header.readUInt32LE(80) * header.readUInt32LE(84);
  header.writeUInt32LE(crc32(copy.subarray(1024, 1024 + bytes)), 88);
  header.writeUInt32LE(0, 16);
  header.writeUInt32LE(crc32(header), 16);
  return new MemoryByteSource(copy);
}

describe('a partition table', () => {
  test('is read as sfdisk wrote it', () => {
    const { partitions } = readPartitionTable(new MemoryByteSource(disk));
    expect(partitions).toMatchObject([
      { number: 1, label: 'esp', first: 2048, last: 6143, start: 2048 * 512 },
      { number: 2, label: 'root', first: 8192, last: 16383, lengthBytes: 8192 * 512 },
    ]);
  });

  test('with a copy that says something else tells that', () => {
    const source = changed((_, table) => table.write('E', 56, 'utf16le'));
    const attributes = diskAttributes(source, readPartitionTable(source));
    expect(attributes['backup']).toMatch(/^[0-9a-f]{64}$/);
  });

  test.each([
    ['overlaps another', (_: Buffer, table: Buffer) => table.writeBigUInt64LE(6000n, 128 + 32)],
    ['lies over the table', (_: Buffer, table: Buffer) => table.writeBigUInt64LE(3n, 32)],
    ['ends before it begins', (_: Buffer, table: Buffer) => table.writeBigUInt64LE(9n, 40)],
    ['leaves the disk', (_: Buffer, table: Buffer) => table.writeBigUInt64LE(2n ** 63n, 168)],
  ])('whose partition %s is refused', (_, change) => {
    const source = changed(change);
    expect(() => readPartitionTable(source)).toThrow(refusal('CORRUPT'));
  });

  test.each([
    ['of no bytes', 0, 'CORRUPT'],
    ['of a size that nobody writes', 8192, 'UNSUPPORTED'],
  ])('with entries %s is refused', (_, bytes, code) => {
    const source = changed((header) => header.writeUInt32LE(bytes, 84));
    expect(() => readPartitionTable(source)).toThrow(refusal(code));
  });

  test('with four thousand million entries is refused, not counted', () => {
    const copy = Buffer.from(disk);
    const header = copy.subarray(512, 604);
    header.writeUInt32LE(0xffffffff, 80);
    header.writeUInt32LE(0, 16);
    header.writeUInt32LE(crc32(header), 16);
    expect(() => readPartitionTable(new MemoryByteSource(copy))).toThrow(refusal('UNSUPPORTED'));
  });

  test.each([
    ['its header', 520],
    ['its entries', 1100],
  ])('with another byte in %s is refused', (_, at) => {
    const copy = Buffer.from(disk);
    copy[at]! ^= 1;
    expect(() => readPartitionTable(new MemoryByteSource(copy))).toThrow(refusal('CORRUPT'));
  });
});
