import { copyFile, readFile, rename, stat, utimes, writeFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { createAllowList } from '../allow-list.js';
import { beginOnce, COMMIT, fetchOnce, scratchFolder } from './cache.fixture.js';
import { openDownloadCache } from './download-cache.js';
import { digestOf, sampleFile, serves, startHost } from './host.fixture.js';

const FILE = sampleFile(300_000);
const CHANGED = sampleFile(300_000, 1);
const ETAG = '"v1"';

const refusal = (code: string) => expect.objectContaining({ name: 'IcosError', code }) as Error;

/** A host, and a cache that has its file. */
async function cached(etag = ETAG) {
  const host = await startHost(serves(FILE, { etag }));
  const dir = await scratchFolder();
  const url = `${host.origin}/update-img.tar.zst`;
  const { file } = await fetchOnce(dir, url);
  host.asked.length = 0;
  return { host, dir, url, file };
}

describe('a file in the cache', () => {
  test('that the server confirms is not downloaded again', async () => {
    const { host, dir, url, file } = await cached();
    const seen: unknown[] = [];
    const found = await fetchOnce(dir, url, { onProgress: (progress) => seen.push(progress) });
    expect(found).toEqual({
      ...{ url, finalUrl: url, file, origin: 'validated', etag: ETAG },
      ...{ sha256: digestOf(FILE), sizeBytes: FILE.length },
    });
    expect(host.asked.map(({ headers }) => headers['if-none-match'])).toEqual([ETAG]);
    expect(seen).toEqual([{ receivedBytes: FILE.length, totalBytes: FILE.length }]);
  });

  test('that is another at the server is downloaded, and the old one stays until then', async () => {
    const { host, dir, url, file } = await cached();
    host.answer = serves(CHANGED, { etag: '"v2"', hangAfterBytes: 100_000 });
    await beginOnce(dir, url, 100_000);
    expect(digestOf(await readFile(file))).toBe(digestOf(FILE));
    // Both are asked for at once; the server takes the one that it has.
    host.answer = serves(CHANGED, { etag: '"v2"' });
    const found = await fetchOnce(dir, url);
    expect(found).toMatchObject({ origin: 'resumed', sha256: digestOf(CHANGED) });
    expect(host.asked.at(-1)?.headers).toMatchObject({
      'if-none-match': ETAG,
      range: 'bytes=100000-',
      'if-range': '"v2"',
    });
    expect(digestOf(await readFile(file))).toBe(digestOf(CHANGED));
  });

  test('that is the old one again makes the beginning of a newer one pointless', async () => {
    const { host, dir, url } = await cached();
    host.answer = serves(CHANGED, { etag: '"v2"', hangAfterBytes: 100_000 });
    await beginOnce(dir, url, 100_000);
    host.answer = serves(FILE, { etag: ETAG });
    expect(await fetchOnce(dir, url)).toMatchObject({ origin: 'validated' });
    expect(await fetchOnce(dir, url)).toMatchObject({ sha256: digestOf(FILE) });
    expect(host.asked.at(-1)?.headers.range).toBeUndefined();
  });

  test.each([
    ['a weak tag', { etag: `W/${ETAG}` }],
    ['another tag', { etag: '"v2"' }],
    ['no tag', {}],
  ])('that is confirmed by %s is not confirmed', async (_, headers) => {
    const { host, dir, url } = await cached();
    const whole = serves(CHANGED, { etag: '"v2"' });
    host.answer = (request, response) => {
      if (request.headers['if-none-match'] === undefined) whole(request, response);
      else response.writeHead(304, headers).end();
    };
    const found = await fetchOnce(dir, url);
    expect(found).toMatchObject({ origin: 'downloaded', sha256: digestOf(CHANGED) });
  });

  test.each([[undefined], [`W/${ETAG}`]])('with the tag %s is downloaded again', async (etag) => {
    const { host, dir, url } = await cached('W/"0"');
    host.answer = serves(CHANGED, { ...(etag !== undefined && { etag }) });
    const found = [await fetchOnce(dir, url), await fetchOnce(dir, url)];
    for (const { origin, sha256 } of found) {
      expect([origin, sha256]).toEqual(['downloaded', digestOf(CHANGED)]);
    }
    expect(host.asked.map(({ headers }) => headers['if-none-match'])).toEqual([
      undefined,
      undefined,
    ]);
  });

  test('that nobody asked about is no answer', async () => {
    const host = await startHost((_, response) => response.writeHead(304, { etag: ETAG }).end());
    await expect(fetchOnce(await scratchFolder(), `${host.origin}/x`)).rejects.toThrow(
      refusal('HTTP_REFUSED'),
    );
  });

  test('that is larger than allowed is refused as any other', async () => {
    const { dir, url } = await cached();
    await expect(fetchOnce(dir, url, { maxBytes: FILE.length - 1 })).rejects.toThrow(
      refusal('TOO_LARGE'),
    );
  });
});

describe('a file that was touched on the disk', () => {
  test.each([
    ['given another time', async (file: string) => utimes(file, 1, 1)],
    [
      'restored from a copy',
      async (file: string) => {
        await copyFile(file, `${file}.copy`);
        await rename(`${file}.copy`, file);
      },
    ],
  ])('%s, is hashed again and found to be the same', async (_, touch) => {
    const { dir, url, file } = await cached();
    await touch(file);
    const found = [await fetchOnce(dir, url), await fetchOnce(dir, url)];
    for (const { origin, sha256 } of found) {
      expect([origin, sha256]).toEqual(['validated', digestOf(FILE)]);
    }
  });

  test.each([
    ['changed, its size and time as they were', CHANGED],
    ['cut short', FILE.subarray(0, 1000)],
    ['emptied', Buffer.alloc(0)],
  ])('%s, is downloaded again', async (_, content) => {
    const { host, dir, url, file } = await cached();
    const { atime, mtime } = await stat(file);
    await writeFile(file, content);
    await utimes(file, atime, mtime);
    const found = await fetchOnce(dir, url);
    expect(found).toMatchObject({ origin: 'downloaded', sha256: digestOf(FILE) });
    expect(digestOf(await readFile(file))).toBe(digestOf(FILE));
    expect(host.asked[0]?.headers['if-none-match']).toBeUndefined();
  });

  test('whose record is lost, cut off or of another file, is downloaded again', async () => {
    for (const text of ['', '{"url":', '{}', 'null']) {
      const { dir, url, file } = await cached();
      await writeFile(`${file}.json`, text);
      expect(await fetchOnce(dir, url)).toMatchObject({ origin: 'downloaded' });
    }
  });
});

describe('two URLs', () => {
  const both = async (one: string, other: string) => {
    const host = await startHost((request, response) => {
      serves(Buffer.from(`bytes of ${request.url ?? ''}`), { etag: ETAG })(request, response);
    });
    const cache = await openDownloadCache({ dir: await scratchFolder(), commit: COMMIT });
    const allow = createAllowList([host.origin]);
    const get = async (path: string) => cache.fetch({ url: `${host.origin}${path}`, allow });
    const found = await Promise.all([get(one), get(other)]);
    await cache.close();
    return { host, found, folder: cache.folder };
  };

  test.each([
    ['of one name', '/a/update-img.tar.zst', '/b/update-img.tar.zst'],
    ['of one path and two queries', '/a?x', '/a?y'],
    ['of which one is the folder of the other', '/a', '/a/b'],
    ['that lead out of any folder', '/..%2f..%2fetc%2fpasswd', '/%252e%252e/%00'],
    ['that are as long as they may be', `/${'x'.repeat(1900)}`, '/x'.repeat(900)],
  ])('%s have a file each', async (_, one, other) => {
    const { host, found, folder } = await both(one, other);
    expect(host.asked).toHaveLength(2);
    for (const [index, { file, finalUrl }] of found.entries()) {
      const { pathname, search } = new URL(finalUrl);
      expect(await readFile(file, 'utf8')).toBe(`bytes of ${pathname}${search}`);
      expect(file.startsWith(`${folder}/`)).toBe(true);
      expect(found[1 - index]?.file).not.toBe(file);
    }
  });

  test('that are one are one download, and each has its own answer', async () => {
    const { host, found } = await both('/a', '/./a');
    expect(host.asked).toHaveLength(1);
    expect(found.map(({ url }) => url)).toEqual([`${host.origin}/a`, `${host.origin}/./a`]);
    expect(found[0].sha256).toBe(found[1].sha256);
  });
});

test('a cache that is closed brings nothing more', async () => {
  const host = await startHost(serves(FILE));
  const cache = await openDownloadCache({ dir: await scratchFolder(), commit: COMMIT });
  await cache.close();
  await cache.close();
  const allow = createAllowList([host.origin]);
  await expect(cache.fetch({ url: host.origin, allow })).rejects.toThrow('closed');
  expect(host.asked).toEqual([]);
});
