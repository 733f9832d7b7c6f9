import { constants, zstdCompressSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ZstdFrames } from './zstd-frames.js';

const checked = { params: { [constants.ZSTD_c_checksumFlag]: 1 } };
const content = Buffer.from('the quick brown fox '.repeat(400));
const frames = [
  zstdCompressSync(content, checked),
  zstdCompressSync(Buffer.alloc(300_000)),
  zstdCompressSync(Buffer.alloc(0)),
  zstdCompressSync(Buffer.from('x')),
];
const skippable = Buffer.from('5a2a4d1803000000aabbcc', 'hex');

function split(file: Buffer, cuts: readonly number[]): Buffer[] {
  const walker = new ZstdFrames();
  const found: Buffer[] = [];
  let open: Buffer[] = [];
  const edges = [0, ...[...cuts].sort((a, b) => a - b), file.length];
  for (let index = 1; index < edges.length; index += 1) {
    for (const part of walker.push(file.subarray(edges[index - 1], edges[index]))) {
      open.push(part.bytes);
      if (part.isLast) {
        found.push(Buffer.concat(open));
        open = [];
      }
    }
  }
  walker.end();
  return found;
}

describe('frames of a zstd file', () => {
  const file = Buffer.concat([skippable, frames[0]!, skippable, ...frames.slice(1), skippable]);

  test('are found whatever the chunks are, and skippable ones are dropped', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(file.length), { maxLength: 12 }), (cuts) => {
        expect(split(file, cuts)).toEqual(frames);
      }),
    );
    expect(split(file, [...file.keys()])).toEqual(frames);
  });

  test('a file cut anywhere but between two frames is refused', () => {
    const ends = new Set<number>();
    let at = 0;
    for (const part of [skippable, frames[0]!, skippable, ...frames.slice(1), skippable]) {
      at += part.length;
      ends.add(at);
    }
    for (let length = 0; length < file.length; length += 1) {
      if (ends.has(length)) continue;
      expect(() => split(file.subarray(0, length), [])).toThrow(
        expect.objectContaining({ code: 'TRUNCATED' }),
      );
    }
  });

  test.each([
    ['a file of another format', Buffer.from('PK\u0003\u0004....'), 'the file is not zstd'],
    ['garbage after the last frame', Buffer.concat([frames[0]!, Buffer.alloc(9)]), 'follows'],
  ])('%s is refused', (_, bytes, text) => {
    expect(() => split(bytes, [])).toThrow(
      expect.objectContaining({
        code: 'NOT_AN_ARCHIVE',
        message: expect.stringContaining(text) as string,
      }),
    );
  });

  test('a block of the reserved type is refused', () => {
    const bytes = Buffer.from('28b52ffd0000070000', 'hex');
    expect(() => split(bytes, [])).toThrow(expect.objectContaining({ code: 'CORRUPT' }));
  });
});
