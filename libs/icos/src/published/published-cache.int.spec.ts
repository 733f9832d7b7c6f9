import { rm, writeFile } from 'node:fs/promises';
import { asCommitId, sha256 } from '#libs/encoding';
import { describe, expect, test } from 'vitest';
import { scratchFolder } from '../download/cache/cache.fixture.js';
import { type Host, serves, startHost } from '../download/cache/host.fixture.js';
import {
  createAllowList,
  CURRENT_ERA,
  type DownloadCache,
  FetchCache,
  observePublished,
  openDownloadCache,
} from '../index.js';

const commit = asCommitId('79faae8b354edbf45ae858f1c88bcd1eba4897a5');
const FOLDER = `/ic/${commit}/guest-os/update-img`;
const IMAGE = `${FOLDER}/update-img.tar.zst`;
const MEASUREMENTS = JSON.stringify({
  guest_launch_measurements: [{ measurement: Array(48).fill(7), metadata: null }],
});

/** A CDN with an image, and every file with a tag of its content. */
async function startCdn(image: string): Promise<Host> {
  const files: Readonly<Record<string, string>> = {
    [IMAGE]: image,
    [`${FOLDER}/launch-measurements.json`]: MEASUREMENTS,
    [`${FOLDER}/SHA256SUMS`]: `${sha256(image)} update-img.tar.zst\n${sha256(MEASUREMENTS)} launch-measurements.json\n`,
  };
  return startHost((request, response) => {
    const file = files[request.url ?? ''] ?? '';
    serves(Buffer.from(file), { etag: `"${sha256(file)}"` })(request, response);
  });
}

async function observe(hosts: readonly Host[], cache: DownloadCache) {
  const origins = hosts.map(({ origin }) => origin);
  const progress = new Map<string, number>();
  const fetches = new FetchCache({
    ...{ allow: createAllowList(origins), cache, retries: 0 },
    onProgress: (url, receivedBytes) => progress.set(url, receivedBytes),
  });
  const published = await observePublished({
    ...{ commit, era: CURRENT_ERA, cdnBases: origins, fetches },
    proposalUrls: origins.map((origin) => `${origin}${IMAGE}`),
    proposalArtifact: 'guestos/update-img',
    artifacts: ['guestos/update-img', 'guestos/launch-measurements'],
  });
  return { ...published, progress };
}

const questionsOf = ({ asked }: Host) =>
  asked.map(({ path, headers }) => [path.split('/').at(-1), headers['if-none-match'] ?? null]);

describe('what is published, looked at with a cache', () => {
  test('is downloaded once for each URL, and only the image ever comes from the cache', async () => {
    const hosts = [await startCdn('image'), await startCdn('image')];
    const cache = await openDownloadCache({ dir: await scratchFolder(), commit });
    const first = await observe(hosts, cache);
    for (const host of hosts) host.asked.length = 0;
    const second = await observe(hosts, cache);
    await cache.close();
    expect(second).toEqual(first);
    expect(first.observations.every(({ error }) => error === null)).toBe(true);
    expect(first.progress.get(`${hosts[0]?.origin ?? ''}${IMAGE}`)).toBe(5);
    for (const host of hosts) {
      expect(new Map(questionsOf(host) as [string, string | null][])).toEqual(
        new Map([
          ['SHA256SUMS', null],
          ['update-img.tar.zst', `"${sha256('image')}"`],
          ['launch-measurements.json', null],
        ]),
      );
      expect(host.asked).toHaveLength(3);
    }
  });

  test('and changed since, is seen as it is now', async () => {
    const [host, other] = [await startCdn('image'), await startCdn('changed')];
    const cache = await openDownloadCache({ dir: await scratchFolder(), commit });
    await observe([host], cache);
    host.answer = other.answer;
    const { observations } = await observe([host], cache);
    await cache.close();
    const images = observations.filter(({ artifact }) => artifact === 'guestos/update-img');
    expect(images.map((seen) => seen.sha256)).toEqual(Array(3).fill(sha256('changed')));
  });

  test('and a cache that fails is our failure: one error, and no reading', async () => {
    const host = await startCdn('image');
    const cache = await openDownloadCache({ dir: await scratchFolder(), commit });
    await rm(cache.folder, { recursive: true });
    await writeFile(cache.folder, 'not a folder any more');
    await expect(observe([host], cache)).rejects.toThrow(
      expect.objectContaining({ name: 'IcosError', code: 'CACHE_FAILED' }),
    );
    await cache.close();
  });

  test('and not needed any more, is not waited for', async () => {
    const host = await startHost(serves(Buffer.alloc(300_000), { hangAfterBytes: 1_000 }));
    const cache = await openDownloadCache({ dir: await scratchFolder(), commit });
    const url = `${host.origin}${IMAGE}`;
    const fetches = new FetchCache({ allow: createAllowList([host.origin]), cache, retries: 3 });
    fetches.begin([url], 'guestos/update-img');
    fetches.giveUp();
    await expect(fetches.hash(url, 'guestos/update-img')).rejects.toThrow(
      expect.objectContaining({ code: 'INTERRUPTED' }),
    );
    await cache.close();
  });
});
