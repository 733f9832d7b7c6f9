import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { eventually } from '#libs/testing';
import { describe, expect, test } from 'vitest';
import { createAllowList } from '../allow-list.js';
import { beginOnce, COMMIT, fetchOnce, scratchFolder } from './cache.fixture.js';
import { digestOf, type Host, sampleFile, serves, startHost } from './host.fixture.js';
import { startProcess } from './other-process.fixture.js';

const MIB = 1024 ** 2;
const FILE = sampleFile(MIB + 400_000);
const CHANGED = sampleFile(MIB + 400_000, 1);
const CUT = 300_001;
const ETAG = '"v1"';

const refusal = (code: string) => expect.objectContaining({ name: 'IcosError', code }) as Error;

/** Paths below a folder, of regular files that are no locks. */
async function filesBelow(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  return entries
    .filter((entry) => entry.isFile() && !entry.name.endsWith('.lock'))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

async function partRecordIn(dir: string) {
  const path = (await filesBelow(dir)).find((file) => file.endsWith('.part.json')) ?? '';
  const record = JSON.parse(await readFile(path, 'utf8')) as Record<string, unknown>;
  return { path, part: path.replace(/\.json$/, ''), record };
}

/** A host, a cache, and in it the beginning of the host's file from a run that was interrupted. */
async function begun() {
  const host = await startHost(serves(FILE, { etag: ETAG, hangAfterBytes: CUT }));
  const dir = await scratchFolder();
  const url = `${host.origin}/update-img.tar.zst`;
  await beginOnce(dir, url, CUT);
  host.asked.length = 0;
  return { host, dir, url };
}

const rangesOf = ({ asked }: Host) => asked.map(({ headers }) => headers.range);

describe('a download that was cut off', () => {
  test('by an interruption goes on from the last byte that came, and its digest is of the whole file', async () => {
    const { host, dir, url } = await begun();
    host.answer = serves(FILE, { etag: ETAG });
    const progress: number[] = [];
    const found = await fetchOnce(dir, url, {
      onProgress: ({ receivedBytes, totalBytes }) => {
        progress.push(receivedBytes);
        expect(totalBytes).toBe(FILE.length);
      },
    });
    expect(found).toMatchObject({ origin: 'resumed', sizeBytes: FILE.length, etag: ETAG });
    expect(found.sha256).toBe(digestOf(FILE));
    expect(digestOf(await readFile(found.file))).toBe(digestOf(FILE));
    expect(host.asked.map(({ headers }) => [headers.range, headers['if-range']])).toEqual([
      [`bytes=${CUT}-`, ETAG],
    ]);
    expect(progress[0]).toBeGreaterThan(CUT);
    expect(await filesBelow(dir)).toEqual([found.file, `${found.file}.json`]);
  });

  test('by the network goes on within one call, attempt by attempt', async () => {
    const host = await startHost(serves(FILE, { etag: ETAG, cutAfterBytes: 500_000 }));
    const dir = await scratchFolder();
    const found = await fetchOnce(dir, `${host.origin}/x`, { retries: 9 });
    expect(found).toMatchObject({ origin: 'resumed', sha256: digestOf(FILE) });
    const starts = rangesOf(host).map((range) => Number(/\d+/.exec(range ?? '0')?.[0]));
    expect(starts).toEqual([...new Set(starts)].sort((a, b) => a - b));
  });

  test('by the network goes on in the next run', async () => {
    const host = await startHost(serves(FILE, { etag: ETAG, cutAfterBytes: MIB + 100_000 }));
    const dir = await scratchFolder();
    const url = `${host.origin}/x`;
    await expect(fetchOnce(dir, url)).rejects.toThrow(refusal('TRUNCATED_DOWNLOAD'));
    const { record } = await partRecordIn(dir);
    host.answer = serves(FILE, { etag: ETAG });
    expect(await fetchOnce(dir, url)).toMatchObject({ sha256: digestOf(FILE) });
    expect(rangesOf(host)).toEqual([undefined, `bytes=${Number(record['durableBytes'])}-`]);
  });

  test('by SIGKILL goes on from what was on the disk for certain', async () => {
    const host = await startHost(serves(FILE, { etag: ETAG, hangAfterBytes: MIB + 7 }));
    const dir = await scratchFolder();
    const url = `${host.origin}/x`;
    const killed = startProcess(dir, COMMIT, url);
    const { record } = await eventually('a note of how far it is', () => partRecordIn(dir));
    await killed.kill();
    const durableBytes = Number(record['durableBytes']);
    expect(durableBytes).toBeGreaterThanOrEqual(MIB);
    host.answer = serves(FILE, { etag: ETAG });
    const found = await fetchOnce(dir, url);
    expect(found).toMatchObject({ origin: 'resumed', sha256: digestOf(FILE) });
    expect(digestOf(await readFile(found.file))).toBe(digestOf(FILE));
    expect(rangesOf(host)).toEqual([undefined, `bytes=${durableBytes}-`]);
  });

  test('between its last byte and its name, has only to be confirmed', async () => {
    const { host, dir, url } = await begun();
    const { path, part, record } = await partRecordIn(dir);
    await writeFile(part, FILE);
    const whole = { ...record, durableBytes: FILE.length, sha256: digestOf(FILE) };
    await writeFile(path, JSON.stringify(whole));
    host.answer = serves(FILE, { etag: ETAG });
    expect(await fetchOnce(dir, url)).toMatchObject({
      origin: 'validated',
      sha256: digestOf(FILE),
    });
    expect(host.asked.map(({ headers }) => headers['if-none-match'])).toEqual([ETAG]);
  });
});

describe('a download begins again', () => {
  const claim = (range: string) => ({ of206: { 'content-range': range } });
  const [total, last] = [FILE.length, FILE.length - 1];

  test.each([
    ['when the server ignores ranges', { ignoresRanges: true }],
    ['when the rest begins elsewhere', claim(`bytes ${CUT - 1}-${last}/${total}`)],
    ['when the rest is of a file of another size', claim(`bytes ${CUT}-${last}/${total + 1}`)],
    ['when the rest is of a file of unknown size', claim(`bytes ${CUT}-${last}/*`)],
    ['when the rest is longer than it says', claim(`bytes ${CUT}-${CUT + 1}/${total}`)],
    ['when the rest ends before it begins', claim(`bytes ${CUT}-${CUT - 1}/${total}`)],
    ['when the rest is counted in other units', claim(`items ${CUT}-${last}/${total}`)],
    ['when the rest does not say which it is', claim('')],
    ['when the rest has another tag', { of206: { etag: '"v2"' } }],
    ['when the rest has a weak tag', { of206: { etag: `W/${ETAG}` } }],
    ['when the rest has no tag', { of206: { etag: '' } }],
  ])('%s', async (_, serving) => {
    const { host, dir, url } = await begun();
    host.answer = serves(FILE, { etag: ETAG, ...serving });
    const found = await fetchOnce(dir, url);
    expect(found).toMatchObject({ origin: 'downloaded', sha256: digestOf(FILE) });
    expect(digestOf(await readFile(found.file))).toBe(digestOf(FILE));
    expect(rangesOf(host)[0]).toBe(`bytes=${CUT}-`);
  });

  test('when the file at the server is another by now, and leaves no trace of the old one', async () => {
    for (const now of [CHANGED, CHANGED.subarray(0, CUT - 1)]) {
      const { host, dir, url } = await begun();
      host.answer = serves(now, { etag: '"v2"' });
      const found = await fetchOnce(dir, url);
      expect(found).toMatchObject({ origin: 'downloaded', sha256: digestOf(now) });
      expect(digestOf(await readFile(found.file))).toBe(digestOf(now));
      expect(host.asked).toHaveLength(1);
    }
  });

  test('when the server has no such range', async () => {
    const { host, dir, url } = await begun();
    const whole = serves(FILE, { etag: ETAG });
    host.answer = (request, response) => {
      if (request.headers.range === undefined) whole(request, response);
      else response.writeHead(416, { 'content-range': 'bytes */7', etag: ETAG }).end();
    };
    expect(await fetchOnce(dir, url)).toMatchObject({ origin: 'downloaded', sizeBytes: total });
    expect(rangesOf(host)).toEqual([`bytes=${CUT}-`, undefined]);
  });

  test.each([
    ['changed', (part: Buffer) => part.fill(0, 1000, 1001)],
    ['lost', () => Buffer.alloc(0)],
    ['cut short', (part: Buffer) => part.subarray(0, 5000)],
  ])('when its first bytes were %s on the disk', async (_, damage) => {
    const { host, dir, url } = await begun();
    const { part } = await partRecordIn(dir);
    await writeFile(part, damage(await readFile(part)));
    host.answer = serves(FILE, { etag: ETAG });
    expect(await fetchOnce(dir, url)).toMatchObject({ sha256: digestOf(FILE) });
    expect(rangesOf(host)).toEqual([undefined]);
  });

  test('when what is known of it is no record, or one of another URL', async () => {
    for (const change of [
      { url: 'http://127.0.0.1/other' },
      { etag: 'x\r\ny: z' },
      { sha256: 1 },
    ]) {
      const { host, dir, url } = await begun();
      const { path, record } = await partRecordIn(dir);
      await writeFile(path, JSON.stringify({ ...record, ...change }));
      host.answer = serves(FILE, { etag: ETAG });
      expect(await fetchOnce(dir, url)).toMatchObject({ sha256: digestOf(FILE) });
      expect(rangesOf(host)).toEqual([undefined]);
    }
  });

  test.each([undefined, `W/${ETAG}`, '""', 'v1', '"v 1"'])(
    'when the tag %s says nothing of its bytes, of which none is kept',
    async (etag) => {
      const cut = { cutAfterBytes: CUT, ...(etag !== undefined && { etag }) };
      const host = await startHost(serves(FILE, cut));
      const dir = await scratchFolder();
      const url = `${host.origin}/x`;
      await expect(fetchOnce(dir, url, { retries: 1 })).rejects.toThrow(
        refusal('TRUNCATED_DOWNLOAD'),
      );
      expect(await filesBelow(join(dir, COMMIT))).toEqual([]);
      expect(rangesOf(host)).toEqual([undefined, undefined]);
    },
  );
});

test('bytes that a killed run wrote after its last note are not taken', async () => {
  const { host, dir, url } = await begun();
  const { part } = await partRecordIn(dir);
  await writeFile(part, Buffer.concat([await readFile(part), FILE]));
  host.answer = serves(FILE, { etag: ETAG });
  const found = await fetchOnce(dir, url);
  expect(found).toMatchObject({ origin: 'resumed', sha256: digestOf(FILE) });
  expect(digestOf(await readFile(found.file))).toBe(digestOf(FILE));
});

describe('a redirect on the way to the rest', () => {
  test('is followed with the same question', async () => {
    const { host, dir, url } = await begun();
    const target = await startHost(serves(FILE, { etag: ETAG }));
    host.answer = (_, response) =>
      response.writeHead(302, { location: `${target.origin}/there` }).end();
    const allow = createAllowList([host.origin, target.origin]);
    const found = await fetchOnce(dir, url, { allow });
    expect(target.asked[0]?.headers).toMatchObject({
      range: `bytes=${CUT}-`,
      'if-range': ETAG,
    });
    // The same tag at another URL may stand for other bytes.
    expect(found).toMatchObject({ origin: 'downloaded', sha256: digestOf(FILE) });
    expect(await fetchOnce(dir, url, { allow })).toMatchObject({ origin: 'validated' });
  });

  test('off the allow-list is refused, its target not asked, and the beginning kept', async () => {
    const { host, dir, url } = await begun();
    const target = await startHost(serves(FILE, { etag: ETAG }));
    host.answer = (_, response) => response.writeHead(302, { location: target.origin }).end();
    await expect(fetchOnce(dir, url)).rejects.toThrow(refusal('URL_NOT_ALLOWED'));
    expect(target.asked).toEqual([]);
    host.answer = serves(FILE, { etag: ETAG });
    expect(await fetchOnce(dir, url)).toMatchObject({ origin: 'resumed' });
  });
});

test('a rest that is longer than the file is refused, and nothing is left of it', async () => {
  const { host, dir, url } = await begun();
  host.answer = (_, response) => {
    const range = `bytes ${CUT}-${FILE.length - 1}/${FILE.length}`;
    response.writeHead(206, { etag: ETAG, 'content-range': range });
    response.end(FILE);
  };
  await expect(fetchOnce(dir, url)).rejects.toThrow(refusal('BAD_RESPONSE'));
  expect(await filesBelow(join(dir, COMMIT))).toEqual([]);
});

test('a download that grows beyond what is allowed leaves nothing', async () => {
  const { host, dir, url } = await begun();
  host.answer = serves(FILE, { etag: ETAG });
  await expect(fetchOnce(dir, url, { maxBytes: FILE.length - 1 })).rejects.toThrow(
    refusal('TOO_LARGE'),
  );
  expect(await filesBelow(join(dir, COMMIT))).toEqual([]);
});
