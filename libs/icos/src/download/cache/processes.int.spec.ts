import { readFile } from 'node:fs/promises';
import { eventually } from '#libs/testing';
import { describe, expect, test } from 'vitest';
import { COMMIT, fetchOnce, scratchFolder } from './cache.fixture.js';
import { digestOf, sampleFile, serves, startHost } from './host.fixture.js';
import { startProcess } from './other-process.fixture.js';

const FILE = sampleFile(2_000_000);
const ETAG = '"v1"';

describe('two processes that want one file', () => {
  test('download it once: the other waits, and has it confirmed', async () => {
    const host = await startHost(serves(FILE, { etag: ETAG }));
    const dir = await scratchFolder();
    const url = `${host.origin}/x`;
    const both = [startProcess(dir, COMMIT, url), startProcess(dir, COMMIT, url)];
    const found = await Promise.all(both.map(async ({ downloaded }) => downloaded));
    expect(found.map(({ origin }) => origin).sort()).toEqual(['downloaded', 'validated']);
    for (const { sha256, file } of found) {
      expect(sha256).toBe(digestOf(FILE));
      expect(digestOf(await readFile(file))).toBe(digestOf(FILE));
    }
    expect(host.asked.map(({ headers }) => headers['if-none-match'])).toEqual([undefined, ETAG]);
  });

  test('lose nothing when the first is killed: the other goes on', async () => {
    const host = await startHost(serves(FILE, { etag: ETAG, hangAfterBytes: 1_500_000 }));
    const dir = await scratchFolder();
    const url = `${host.origin}/x`;
    const first = startProcess(dir, COMMIT, url);
    await first.open;
    await eventually('the first to ask', () => host.asked[0]);
    const second = fetchOnce(dir, url);
    host.answer = serves(FILE, { etag: ETAG });
    await first.kill();
    expect(await second).toMatchObject({ sha256: digestOf(FILE), sizeBytes: FILE.length });
    expect(host.asked).toHaveLength(2);
  });

  test('wait only as long as they want to', async () => {
    const host = await startHost(serves(FILE, { etag: ETAG, hangAfterBytes: 10 }));
    const dir = await scratchFolder();
    const url = `${host.origin}/x`;
    startProcess(dir, COMMIT, url);
    await eventually('the first to ask', () => host.asked[0]);
    const stop = new AbortController();
    const waiting = fetchOnce(dir, url, { signal: stop.signal });
    stop.abort();
    await expect(waiting).rejects.toThrow(expect.objectContaining({ code: 'INTERRUPTED' }));
    expect(host.asked).toHaveLength(1);
  });
});
