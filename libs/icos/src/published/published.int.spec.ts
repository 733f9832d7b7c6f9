import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { asCommitId, sha256 } from '#libs/encoding';
import { afterEach, describe, expect, test } from 'vitest';
import {
  createAllowList,
  CURRENT_ERA,
  FetchCache,
  observePublished,
  type PublishedRequest,
} from '../index.js';
import type { FetchOptions } from './fetch-cache.js';

const commit = asCommitId('79faae8b354edbf45ae858f1c88bcd1eba4897a5');
const GUEST = `/ic/${commit}/guest-os/update-img`;
const measurements = JSON.stringify({
  guest_launch_measurements: [{ measurement: Array(48).fill(7), metadata: null }],
});

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

/** A CDN that holds these files and counts who asked for what. */
async function cdn(files: Record<string, string>): Promise<{ base: string; asked: string[] }> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url ?? '');
    const content = files[request.url ?? ''];
    response.writeHead(content === undefined ? 404 : 200).end(content);
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { base: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

function guestFiles(image: string, listed = image): Record<string, string> {
  return {
    [`${GUEST}/update-img.tar.zst`]: image,
    [`${GUEST}/launch-measurements.json`]: measurements,
    [`${GUEST}/SHA256SUMS`]:
      `${sha256(listed)} update-img.tar.zst\n` +
      `${sha256(measurements)} launch-measurements.json\n`,
  };
}

async function observe(
  bases: string[],
  {
    allow = createAllowList(bases),
    signal,
    ...more
  }: Partial<PublishedRequest & FetchOptions> = {},
) {
  const fetches = new FetchCache({ allow, retries: 0, ...(signal !== undefined && { signal }) });
  return observePublished({
    ...{ commit, era: CURRENT_ERA, cdnBases: bases, fetches },
    ...{ proposalUrls: [], proposalArtifact: 'guestos/update-img' },
    artifacts: ['guestos/update-img', 'guestos/launch-measurements'],
    ...more,
  });
}

describe('what is published', () => {
  test('is read from each CDN and each proposal URL, each URL once', async () => {
    const [one, two] = [await cdn(guestFiles('image')), await cdn(guestFiles('image'))];
    const image = `${GUEST}/update-img.tar.zst`;
    const {
      observations,
      duplicateUrls,
      measurements: read,
    } = await observe([one.base, two.base], {
      proposalUrls: [`${one.base}${image}`, `${two.base}${image}`],
    });
    expect(duplicateUrls).toEqual([]);
    expect(observations).toHaveLength(10);
    expect(observations.every(({ error }) => error === null)).toBe(true);
    const images = observations.filter(({ artifact }) => artifact === 'guestos/update-img');
    expect(new Set(images.map((seen) => seen.sha256))).toEqual(new Set([sha256('image')]));
    expect(images.map(({ role, sizeBytes }) => [role, sizeBytes])).toEqual([
      ...[
        ['cdn-sums', null],
        ['cdn-bytes', 5],
        ['cdn-sums', null],
        ['cdn-bytes', 5],
      ],
      ...[
        ['proposal-url', 5],
        ['proposal-url', 5],
      ],
    ]);
    expect(read.map(({ measurements: values }) => values)).toEqual([
      [{ measurement: '07'.repeat(48), kernelCommandLine: null }],
      [{ measurement: '07'.repeat(48), kernelCommandLine: null }],
    ]);
    for (const { asked } of [one, two]) expect(asked).toHaveLength(3);
  });

  test('at two URLs of one host is read twice, even under one file name', async () => {
    const { base, asked } = await cdn({
      '/a/update-img.tar.zst': 'a',
      '/b/update-img.tar.zst': 'b',
    });
    const proposalUrls = [`${base}/a/update-img.tar.zst`, `${base}/b/update-img.tar.zst`];
    const allow = createAllowList([base]);
    const { observations } = await observe([], { proposalUrls, allow });
    expect(observations.map((seen) => seen.sha256)).toEqual([sha256('a'), sha256('b')]);
    expect(asked).toHaveLength(2);
  });

  test('at one URL that is listed twice is read once, and reported as a duplicate', async () => {
    const { base, asked } = await cdn({ '/x': 'x' });
    const proposalUrls = [`${base}/x`, `${base}/x`, `${base}/x`];
    const allow = createAllowList([base]);
    const found = await observe([], { proposalUrls, allow });
    expect(found.observations).toHaveLength(1);
    expect(found.duplicateUrls).toEqual([`${base}/x`]);
    expect(asked).toEqual(['/x']);
  });

  test('and lies is read as it is, beside what it ought to be', async () => {
    const honest = await cdn(guestFiles('image'));
    const lying = await cdn(guestFiles('tampered', 'image'));
    const { observations } = await observe([honest.base, lying.base]);
    const images = observations.filter(({ artifact }) => artifact === 'guestos/update-img');
    expect(images.map(({ role, sha256: digest }) => [role, digest])).toEqual([
      ...[
        ['cdn-sums', sha256('image')],
        ['cdn-bytes', sha256('image')],
        ['cdn-sums', sha256('image')],
        ['cdn-bytes', sha256('tampered')],
      ],
    ]);
  });

  test('and cannot be read is an observation with a reason, never an exception', async () => {
    const { base } = await cdn({ [`${GUEST}/SHA256SUMS`]: `${sha256('x')} other\n` });
    const off = 'http://10.0.0.1/update-img.tar.zst';
    const { observations, measurements: read } = await observe([base], { proposalUrls: [off] });
    expect(
      observations.map(({ role, error, sha256: digest }) => [role, error?.code, digest]),
    ).toEqual([
      ['cdn-sums', 'NO_SUCH_SUM', null],
      ['cdn-bytes', 'HTTP_REFUSED', null],
      ['cdn-sums', 'NO_SUCH_SUM', null],
      ['cdn-bytes', 'HTTP_REFUSED', null],
      ['proposal-url', 'URL_NOT_ALLOWED', null],
    ]);
    expect(read).toMatchObject([{ measurements: null }]);
  });

  test('with a SHA256SUMS that contradicts itself has no digest from it', async () => {
    const sums = `${sha256('a')} update-img.tar.zst\n${sha256('b')} update-img.tar.zst\n`;
    const { base } = await cdn({ ...guestFiles('image'), [`${GUEST}/SHA256SUMS`]: sums });
    const { observations } = await observe([base]);
    expect(observations[0]).toMatchObject({ sha256: null, error: { code: 'SUMS_CONFLICT' } });
  });

  test('and is interrupted gives no observation at all', async () => {
    const { base } = await cdn(guestFiles('image'));
    await expect(observe([base], { signal: AbortSignal.abort() })).rejects.toThrow(
      expect.objectContaining({ code: 'INTERRUPTED' }),
    );
  });

  test('of URLs that belong to no artifact is refused', async () => {
    const request = { proposalUrls: ['http://127.0.0.1:1/x'], proposalArtifact: null };
    await expect(observe([], request)).rejects.toThrow(
      expect.objectContaining({ code: 'UNKNOWN_ARTIFACT' }),
    );
  });
});
