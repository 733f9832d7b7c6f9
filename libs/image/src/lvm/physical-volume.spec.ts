import { crc32 } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MemoryByteSource } from '../byte-source.js';
import { readPhysicalVolume } from './physical-volume.js';

const UUID = 'abcdefGHIJabcdefGHIJabcdefGHIJ12';
const TEXT = 'hostlvm {\nid = "x"\n}\ncreation_host = "builder-7"\ncreation_time = 1700000000\n';
const SIZE = 256 * 1024;
type Areas = readonly (readonly [start: number, lengthBytes: number])[];
const DATA: Areas = [[64 * 1024, 0]];
const METADATA: Areas = [[4096, 32 * 1024]];

/** A physical volume as `pvcreate` and `vgcreate` write it, as far as it is read here. */
function volume(data = DATA, metadata = METADATA): Buffer {
  const bytes = Buffer.alloc(SIZE);
  const label = bytes.subarray(512, 1024);
  label.write('LABELONE', 0, 'latin1');
  label.writeBigUInt64LE(1n, 8);
  label.writeUInt32LE(32, 20);
  label.write('LVM2 001', 24, 'latin1');
  label.write(UUID, 32, 'latin1');
  label.writeBigUInt64LE(BigInt(SIZE), 64);
  [...data, [0, 0] as const, ...metadata, [0, 0] as const].forEach(([start, length], at) => {
    label.writeBigUInt64LE(BigInt(start), 72 + at * 16);
    label.writeBigUInt64LE(BigInt(length), 80 + at * 16);
  });
  label.writeUInt32LE(~crc32(label.subarray(20), ~0xf597a6cf >>> 0) >>> 0, 16);
  bytes.write(' LVM2 x[5A%r0N*>', 4096 + 4, 'latin1');
  bytes.writeBigUInt64LE(512n, 4096 + 40);
  bytes.writeBigUInt64LE(BigInt(TEXT.length), 4096 + 48);
  bytes.write(TEXT, 4096 + 512, 'latin1');
  return bytes;
}

const read = (bytes: Buffer) => readPhysicalVolume(new MemoryByteSource(bytes));
const refusal = expect.objectContaining({ name: 'ImageError', code: 'CORRUPT' }) as Error;

describe('a physical volume', () => {
  test('tells its id, its sizes, and who made its group and when', () => {
    const { attributes, data } = read(volume());
    expect(data).toEqual([{ start: 64 * 1024, lengthBytes: SIZE - 64 * 1024 }]);
    expect(attributes).toMatchObject({
      ...{ 'label-sector': 1, uuid: UUID, 'device-size': SIZE.toString() },
      ...{ group: 'hostlvm', host: 'builder-7', created: '1700000000' },
    });
  });

  test('with one changed byte outside its data is told otherwise, or refused', () => {
    const before = JSON.stringify(read(volume()));
    const told = (bytes: Buffer): string => {
      try {
        return JSON.stringify(read(bytes));
      } catch (error) {
        expect(error).toMatchObject({ name: 'ImageError' });
        return String(error);
      }
    };
    fc.assert(
      fc.property(fc.nat(64 * 1024 - 1), fc.integer({ min: 1, max: 255 }), (at, flips) => {
        const changed = volume();
        changed[at]! ^= flips;
        expect(told(changed)).not.toBe(before);
      }),
    );
  });

  test.each<[string, Areas, Areas]>([
    ['areas over one another', DATA, [[60 * 1024, 8 * 1024]]],
    ['an area over its label', DATA, [[512, 1024]]],
    ['an area that leaves it', DATA, [[4096, 2 ** 50]]],
    ['areas without an end', Array.from({ length: 18 }, (_, at) => [(at + 9) * 4096, 4096]), []],
  ])('with %s is refused', (_, data, metadata) => {
    expect(() => read(volume(data, metadata))).toThrow(refusal);
  });
});
