import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { expect, onTestFinished, test } from 'vitest';
import { sha256 } from '#libs/encoding';
import { piecesOf } from './assembly/hash-source.js';
import { openFileSource } from './byte-source.js';
import { gunzip, unzstd } from './compression.js';

/** More than a source's window, and not to be compressed: each piece is in memory that is used again. */
const content = randomBytes(12 * 1024 ** 2);

test.each([
  ['gzip', gzipSync(content, { level: 1 }), gunzip],
  ['zstd', zstdCompressSync(content), unzstd],
] as const)(
  'who stops reading a %s early can read it anew at once: nothing of the first reading comes between',
  async (_form, packed, unpack) => {
    const dir = await mkdtemp(join(tmpdir(), 'compression-'));
    onTestFinished(() => rm(dir, { recursive: true }));
    await writeFile(join(dir, 'packed'), packed);
    const source = openFileSource(join(dir, 'packed'));
    onTestFinished(() => {
      source.close();
    });
    for (let times = 0; times < 10; times += 1) {
      let headBytes = 0;
      for await (const bytes of unpack(piecesOf(source))) {
        headBytes += bytes.length;
        if (headBytes >= 100_000) break;
      }
      const whole: Buffer[] = [];
      for await (const bytes of unpack(piecesOf(source))) whole.push(Buffer.from(bytes));
      expect(sha256(Buffer.concat(whole))).toBe(sha256(content));
    }
  },
);
