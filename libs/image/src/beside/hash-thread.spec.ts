import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { sha256, type Sha256 } from '#libs/encoding';
import { HashThread } from './hash-thread.js';
import { streamHash } from './stream-hash.js';

let thread: HashThread;
beforeEach(() => {
  thread = new HashThread();
});
afterEach(async () => thread.close());

const contentOf = (nth: number) => Buffer.from(`${nth} `.repeat((nth * 7919) % 9000));

/** Offers many files, and gives the digests of all: of those that were not taken as whoever offers would. */
async function digestsOf(files: number) {
  const digests = new Map<number, Sha256>();
  let taken = 0;
  for (let nth = 0; nth < files; nth += 1) {
    const content = contentOf(nth);
    if (thread.offer(nth, content, digests)) taken += 1;
    else digests.set(nth, sha256(content));
    content.fill(0);
  }
  await thread.settle();
  return { digests, taken };
}

const expected = (files: number) =>
  new Map(Array.from({ length: files }, (_, nth) => [nth, sha256(contentOf(nth))] as const));

describe('files that are hashed beside', () => {
  test('have their digests, whoever of both has hashed them', async () => {
    const { digests, taken } = await digestsOf(5000);
    expect(taken).toBeGreaterThan(0);
    expect(new Map([...digests].sort(([a], [b]) => a - b))).toEqual(expected(5000));
  });

  test('are taken again once the others are settled', async () => {
    await digestsOf(3000);
    const digests = new Map<number, Sha256>();
    expect(thread.offer(1, Buffer.from('more'), digests)).toBe(true);
    await thread.settle();
    expect(digests.get(1)).toBe(sha256('more'));
  });

  test('have their digests although the thread has died', async () => {
    const digests = new Map<number, Sha256>();
    expect(thread.offer(7, contentOf(7), digests)).toBe(true);
    await thread.close();
    await thread.settle();
    expect(digests.get(7)).toBe(sha256(contentOf(7)));
    expect(thread.offer(8, contentOf(8), digests)).toBe(false);
  });
});

test('a stream has the digest of all its pieces, beside or not', async () => {
  const pieces = [3_000_000, 0, 1, 1_048_576, 5].map((bytes, nth) => Buffer.alloc(bytes, nth + 1));
  for (const stream of [streamHash(thread), streamHash(null)]) {
    for (const piece of pieces) {
      const mine = Buffer.from(piece);
      await stream.update(mine);
      mine.fill(0);
    }
    expect(await stream.end()).toBe(sha256(Buffer.concat(pieces)));
  }
});

test('a stream of a thread that has died is refused, and not taken for another', async () => {
  const stream = streamHash(thread);
  await stream.update(Buffer.from('a'));
  await thread.close();
  await expect(stream.end()).rejects.toMatchObject({ code: 'NOT_READABLE' });
});
