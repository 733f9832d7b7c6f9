import { readdir, readFile, utimes } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { createAllowList } from '../allow-list.js';
import { COMMIT, scratchFolder } from './cache.fixture.js';
import { openDownloadCache } from './download-cache.js';
import { digestOf, type Host, sampleFile, serves, startHost } from './host.fixture.js';

const FILE = sampleFile(300_000);
const CHANGED = sampleFile(300_000, 1);
const ETAG = '"v1"';

const pathOf = ({ origin }: Host): string => `${origin}/update-img.tar.zst`;

/** One run: fetches the file of one host, and beside it what another has. */
async function fetchBoth(dir: string, one: Host, other: Host, retries = 0) {
  const cache = await openDownloadCache({ dir, commit: COMMIT });
  const allow = createAllowList([one.origin, other.origin]);
  try {
    const limits = { allow, retries, retryDelayMs: 1 };
    const original = cache.fetch({ url: pathOf(one), ...limits });
    const settled = original.catch(() => null);
    const beside = await cache.fetchBeside(settled, { url: pathOf(other), ...limits });
    return { kept: await settled, beside };
  } finally {
    await cache.close();
  }
}

const imagesIn = async (dir: string) =>
  (await readdir(dir, { recursive: true })).filter((name) => /@update-img\.tar\.zst$/.test(name));

describe('a second URL of one file', () => {
  test('is downloaded and hashed on its own, and one file on the disk serves both', async () => {
    const hosts = [
      await startHost(serves(FILE, { etag: ETAG })),
      await startHost(serves(FILE, { etag: '"theirs"' })),
    ] as const;
    const dir = await scratchFolder();
    const { kept, beside } = await fetchBoth(dir, ...hosts);
    expect(beside).toMatchObject({ url: pathOf(hosts[1]), sha256: digestOf(FILE) });
    expect([beside.file, beside.origin]).toEqual([kept?.file, 'downloaded']);
    expect(await imagesIn(dir)).toHaveLength(1);

    // Each host is asked about its own tag.
    const again = await fetchBoth(dir, ...hosts);
    expect([again.kept?.origin, again.beside.origin]).toEqual(['validated', 'validated']);
    expect(again.beside).toMatchObject({ file: kept?.file, sha256: digestOf(FILE) });
    expect(hosts[1].asked.at(-1)?.headers['if-none-match']).toBe('"theirs"');
  });

  test('that serves other bytes is seen as it is, time after time', async () => {
    const one = await startHost(serves(FILE, { etag: ETAG }));
    const other = await startHost(serves(CHANGED, { etag: ETAG }));
    const dir = await scratchFolder();
    for (const origin of ['downloaded', 'validated']) {
      const { kept, beside } = await fetchBoth(dir, one, other);
      expect(kept).toMatchObject({ sha256: digestOf(FILE), origin });
      expect(beside).toMatchObject({ sha256: digestOf(CHANGED), file: null, origin: 'downloaded' });
    }
  });

  test('is read although the first one cannot be', async () => {
    const one = await startHost((_, response) => response.writeHead(404).end());
    const other = await startHost(serves(FILE, { etag: ETAG }));
    const dir = await scratchFolder();
    const { kept, beside } = await fetchBoth(dir, one, other);
    expect([kept, beside.sha256, beside.file]).toEqual([null, digestOf(FILE), null]);
  });

  test('goes on where its connection was cut', async () => {
    const one = await startHost(serves(FILE, { etag: ETAG }));
    const other = await startHost(serves(FILE, { etag: ETAG, cutAfterBytes: 200_000 }));
    const { beside } = await fetchBoth(await scratchFolder(), one, other, 5);
    expect(beside).toMatchObject({ sha256: digestOf(FILE), origin: 'resumed' });
    expect(other.asked.at(-1)?.headers.range).toMatch(/^bytes=[1-9]/);
  });

  test('is downloaded again when the file was touched or the first URL serves another', async () => {
    const one = await startHost(serves(FILE, { etag: ETAG }));
    const other = await startHost(serves(FILE, { etag: ETAG }));
    const dir = await scratchFolder();
    const { kept } = await fetchBoth(dir, one, other);
    await utimes(kept?.file ?? '', 1, 1);
    expect((await fetchBoth(dir, one, other)).beside.sha256).toBe(digestOf(FILE));

    one.answer = serves(CHANGED, { etag: '"v2"' });
    const changed = await fetchBoth(dir, one, other);
    expect(changed.kept?.sha256).toBe(digestOf(CHANGED));
    expect(changed.beside.sha256).toBe(digestOf(FILE));
    expect(digestOf(await readFile(changed.kept?.file ?? ''))).toBe(digestOf(CHANGED));
    const after = await fetchBoth(dir, one, other);
    expect(after.beside).toMatchObject({ sha256: digestOf(FILE), origin: 'downloaded' });
  });

  test('each the first of one run, at one time, do not wait for one another for ever', async () => {
    const hosts = [
      await startHost(serves(FILE, { etag: ETAG })),
      await startHost(serves(FILE, { etag: ETAG })),
    ] as const;
    const dir = await scratchFolder();
    const runs = await Promise.all([
      fetchBoth(dir, hosts[0], hosts[1]),
      fetchBoth(dir, hosts[1], hosts[0]),
    ]);
    for (const { beside } of runs) expect(beside.sha256).toBe(digestOf(FILE));
  });
});
