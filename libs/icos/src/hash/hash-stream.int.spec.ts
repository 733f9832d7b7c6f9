import { createHash, randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { HashStream } from './hash-stream.js';

const bytes = randomBytes(3 * 1024 ** 2 + 17);

describe('bytes that come in chunks', () => {
  test.each([1, 4096, 65_537, bytes.length])('of %i are hashed as one', async (size) => {
    const some = bytes.subarray(0, size === 1 ? 500 : bytes.length);
    const hash = new HashStream();
    for (let at = 0; at < some.length; at += size) await hash.update(some.subarray(at, at + size));
    expect(await hash.end()).toBe(createHash('sha256').update(some).digest('hex'));
  });

  test('may be changed by the caller once they are taken', async () => {
    const chunk = Buffer.from(bytes.subarray(0, 1024 ** 2));
    const expected = createHash('sha256').update(chunk).digest('hex');
    const hash = new HashStream();
    await hash.update(chunk);
    chunk.fill(0);
    expect(await hash.end()).toBe(expected);
  });

  test('that are none have the digest of nothing', async () => {
    const hash = new HashStream();
    await hash.update(new Uint8Array(0));
    expect(await hash.end()).toBe(createHash('sha256').digest('hex'));
  });

  test('that nobody wants any more leave no thread behind, and are refused', async () => {
    const hash = new HashStream();
    await hash.update(bytes);
    await hash.close();
    await expect(hash.end()).rejects.toMatchObject({ name: 'IcosError', code: 'NOT_READABLE' });
  });
});
