import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  type FileByteSource,
  MemoryByteSource,
  openFileSource,
  PartByteSource,
} from './byte-source.js';
import { ImageError } from './error.js';

const CONTENT = Buffer.from(Array.from({ length: 3_000_000 }, (_, index) => (index * 7919) >> 5));
let dir = '';
let source: FileByteSource;

beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'bytes-'));
  writeFileSync(join(dir, 'file'), CONTENT);
  source = openFileSource(join(dir, 'file'));
});
afterAll(() => {
  source.close();
  rmSync(dir, { recursive: true, force: true });
});

const refusal = (code: string) => expect.objectContaining({ name: 'ImageError', code }) as Error;

test('whatever was read before, a read gives the bytes of its place', () => {
  const place = fc.record({
    offset: fc.nat(CONTENT.length),
    length: fc.oneof(fc.nat(5000), fc.nat(2_000_000)),
  });
  fc.assert(
    fc.property(fc.array(place, { minLength: 1, maxLength: 30 }), (places) => {
      for (const { offset, length } of places) {
        const end = Math.min(CONTENT.length, offset + length);
        const read = source.read(offset, end - offset);
        expect(read.equals(CONTENT.subarray(offset, end))).toBe(true);
      }
    }),
  );
});

test.each([
  ['past the end', CONTENT.length - 5, 6],
  ['before the begin', -1, 1],
  ['of less than nothing', 5, -1],
  ['at no number', NaN, 1],
  ['past all integers', 2 ** 53, 1],
])('a read %s is refused', (_where, offset, length) => {
  for (const whole of [source, new MemoryByteSource(CONTENT), new PartByteSource(source, 0, 9)]) {
    expect(() => whole.read(offset, length)).toThrow(ImageError);
  }
});

test('a part ends where it ends, and lies within its whole', () => {
  const part = new PartByteSource(source, 1000, 500);
  expect(part.read(490, 10).equals(CONTENT.subarray(1490, 1500))).toBe(true);
  expect(() => part.read(490, 11)).toThrow(refusal('TRUNCATED'));
  expect(() => new PartByteSource(source, CONTENT.length, 1)).toThrow(refusal('TRUNCATED'));
});

test('a file that somebody shortened is told to be cut', () => {
  writeFileSync(join(dir, 'short'), CONTENT.subarray(0, 100_000));
  const short = openFileSource(join(dir, 'short'));
  truncateSync(join(dir, 'short'), 10);
  expect(() => short.read(0, 100)).toThrow(refusal('TRUNCATED'));
  short.close();
});

test('what is no regular file is refused, and nobody waits for a pipe', () => {
  execFileSync('mkfifo', [join(dir, 'pipe')]);
  for (const name of ['pipe', 'nothing', '.']) {
    expect(() => openFileSource(join(dir, name))).toThrow(refusal('NOT_READABLE'));
  }
});
