import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { eventually } from '#libs/testing';
import { describe, expect, test } from 'vitest';
import { COMMIT, fetchOnce, scratchFolder } from './cache.fixture.js';
import { digestOf, sampleFile, serves, startHost } from './host.fixture.js';
import { startProcess } from './other-process.fixture.js';

const FILE = sampleFile(2_000_000);
const ETAG = '"v1"';

/** Waits until the kernel knows of one that wants the lock of a file in the cache. */
async function someoneWaits(dir: string): Promise<void> {
  const folder = join(dir, COMMIT);
  await eventually('somebody to wait for a lock', async () => {
    const lock = (await readdir(folder, { recursive: true })).find((name) =>
      /@.*\.lock$/.test(name),
    );
    const { ino } = await stat(join(folder, lock ?? ''));
    const locks = await readFile('/proc/locks', 'utf8');
    return new RegExp(`-> FLOCK .*:${ino} `).exec(locks);
  });
}

describe('two processes that want one file', () => {
  test('download it once: the other waits, and has it confirmed', async () => {
    const whole = serves(FILE, { etag: ETAG });
    let begin = (): void => undefined;
    const host = await startHost((request, response) => {
      begin = () => {
        whole(request, response);
      };
    });
    const dir = await scratchFolder();
    const url = `${host.origin}/x`;
    const both = [startProcess(dir, COMMIT, url), startProcess(dir, COMMIT, url)];
    await someoneWaits(dir);
    // Who has the lock may not have asked yet.
    await eventually('the first to ask', () => host.asked[0]);
    expect(host.asked).toHaveLength(1);
    host.answer = whole;
    begin();
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
    await eventually('the first to ask', () => host.asked[0]);
    const second = fetchOnce(dir, url);
    await someoneWaits(dir);
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
    await someoneWaits(dir);
    stop.abort();
    await expect(waiting).rejects.toThrow(expect.objectContaining({ code: 'INTERRUPTED' }));
    expect(host.asked).toHaveLength(1);
  });
});
