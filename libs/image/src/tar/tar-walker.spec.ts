import fc from 'fast-check';
import { type Header, pack } from 'tar-stream';
import { describe, expect, test } from 'vitest';
import { TarWalker } from './tar-walker.js';

async function tarOf(
  ...entries: (Partial<Header> & { name: string; content?: string })[]
): Promise<Buffer> {
  const stream = pack();
  for (const { content, ...header } of entries) stream.entry(header, content ?? '');
  stream.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** All that a walk tells, contents and holes included. */
function walk(file: Buffer, chunkBytes = file.length || 1): unknown[] {
  const told: unknown[] = [];
  const walker = new TarWalker((head) => {
    const content: string[] = [];
    return {
      data: (bytes) => void content.push(bytes.toString('latin1')),
      hole: (lengthBytes) => void content.push(`<${lengthBytes}>`),
      end: (padding) => void told.push({ head, content: content.join(''), padding }),
    };
  });
  for (let at = 0; at < file.length; at += chunkBytes) {
    walker.push(file.subarray(at, at + chunkBytes));
  }
  told.push(walker.end());
  return told;
}

const long = `${'folder/'.repeat(40)}boot.img`;
const members = [
  { name: 'folder/', type: 'directory' as const },
  { name: './root.img', content: 'r'.repeat(1025), uid: 7, uname: 'alice' },
  { name: long, content: 'b' },
  { name: 'link', type: 'symlink' as const, linkname: 'root.img' },
  { name: 'null', type: 'character-device' as const, devmajor: 1, devminor: 3 },
];

describe('a walk through an archive', () => {
  test('tells the same whatever the chunks are', async () => {
    const file = await tarOf(...members);
    const told = walk(file);
    expect(told).toMatchObject([
      { head: { path: 'folder', kind: 'directory', trimmed: '*/' } },
      { head: { path: 'root.img', attributes: { uid: 7, user: 'alice', size: 1025 } } },
      { head: { path: long }, content: 'b' },
      { head: { path: 'link', kind: 'symlink', attributes: { target: 'root.img' } } },
      { head: { path: 'null', kind: 'device', attributes: { rdev: 'c 1,3' } } },
      { format: 'pax', trailingBytes: 1024 },
    ]);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2000 }), (chunkBytes) => {
        expect(walk(file, chunkBytes)).toEqual(told);
      }),
    );
  });

  test('tells any changed byte, or refuses it', async () => {
    const file = await tarOf(...members);
    const told = JSON.stringify(walk(file));
    fc.assert(
      fc.property(fc.nat(file.length - 1), fc.integer({ min: 1, max: 255 }), (at, flips) => {
        const changed = Buffer.from(file);
        changed[at]! ^= flips;
        try {
          expect(JSON.stringify(walk(changed))).not.toBe(told);
        } catch (error) {
          if (error instanceof Error && error.name !== 'ImageError') throw error;
        }
      }),
      { numRuns: 2000 },
    );
  });

  test('tells a header with valid checksum, changed anywhere, as something else', async () => {
    const file = await tarOf({ name: 'file', content: 'x', uname: 'alice', gname: 'users' });
    const told = JSON.stringify(walk(file));
    fc.assert(
      fc.property(fc.nat(511), fc.integer({ min: 1, max: 255 }), (at, flips) => {
        const changed = Buffer.from(file);
        changed[at]! ^= flips;
        changed.write('        ', 148, 'latin1');
        const sum = changed.subarray(0, 512).reduce((total, byte) => total + byte, 0);
        changed.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
        fc.pre(!changed.equals(file));
        try {
          expect(JSON.stringify(walk(changed))).not.toBe(told);
        } catch (error) {
          if (error instanceof Error && error.name !== 'ImageError') throw error;
        }
      }),
      { numRuns: 2000 },
    );
  });
});
