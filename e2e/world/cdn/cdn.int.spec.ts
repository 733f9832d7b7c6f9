import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { startCdn } from './cdn.js';
import type { Cdn } from './cdn.js';
import { replaced, withoutLine } from './fault.js';
import type { CdnFault } from './fault.js';

const folder = '/ic/0123456789012345678901234567890123456789/guest-os/update-img/';
const path = `${folder}update-img.tar.zst`;
const content = Buffer.from(Array.from({ length: 200_000 }, (_, index) => index % 251));

let dir: string;
let cdn: Cdn;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'cdn-'));
  await mkdir(join(dir, folder), { recursive: true });
  await writeFile(join(dir, path), content);
  await writeFile(join(dir, folder, 'SHA256SUMS'), 'sums\n');
  await writeFile(join(dir, 'empty'), '');
  cdn = await startCdn({ root: dir });
});
afterAll(async () => {
  await cdn.close();
  await rm(dir, { recursive: true, force: true });
});
afterEach(() => {
  cdn.setFault(path, null);
  cdn.setFault(folder, null);
});

const get = (headers: Record<string, string> = {}, init: RequestInit = {}) =>
  fetch(`${cdn.url}${path}`, { headers, ...init });
const bytes = async (response: Response) => Buffer.from(await response.arrayBuffer());

describe('a file on the CDN', () => {
  test('comes whole, with its length, and equal to its HEAD', async () => {
    const response = await get();
    expect(response.headers.get('content-length')).toBe('200000');
    expect((await bytes(response)).equals(content)).toBe(true);
    const head = await get({}, { method: 'HEAD' });
    for (const name of ['content-length', 'etag', 'last-modified', 'accept-ranges']) {
      expect(head.headers.get(name)).toBe(response.headers.get(name));
    }
    expect((await bytes(head)).byteLength).toBe(0);
  });

  test('comes in parts that fit together', async () => {
    const first = await get({ range: 'bytes=0-149999' });
    expect([first.status, first.headers.get('content-range')]).toEqual([
      206,
      'bytes 0-149999/200000',
    ]);
    const tag = first.headers.get('etag') ?? '';
    const rest = await get({ range: 'bytes=150000-', 'if-range': tag });
    expect(Buffer.concat([await bytes(first), await bytes(rest)]).equals(content)).toBe(true);
  });

  test('comes whole again when the part asked for was of another file', async () => {
    const response = await get({ range: 'bytes=150000-', 'if-range': '"another"' });
    expect([response.status, (await bytes(response)).byteLength]).toEqual([200, 200_000]);
  });

  test('has nothing beyond its end', async () => {
    const response = await get({ range: 'bytes=200000-' });
    expect([response.status, response.headers.get('content-range')]).toEqual([
      416,
      'bytes */200000',
    ]);
    await response.arrayBuffer();
    expect(await (await fetch(`${cdn.url}/empty`)).text()).toBe('');
  });

  test('is not sent to who has it', async () => {
    const tag = (await get({}, { method: 'HEAD' })).headers.get('etag') ?? '';
    expect((await get({ 'if-none-match': tag })).status).toBe(304);
  });

  test('is missing where there is none, above the root above all', async () => {
    for (const other of ['/ic/', `${folder}none`, '/%2e%2e%2f%2e%2e%2fetc/passwd', '/a%00b']) {
      expect((await fetch(`${cdn.url}${other}`)).status).toBe(404);
    }
    expect((await get({}, { method: 'POST' })).status).toBe(405);
  });
});

describe('a CDN that fails or lies', () => {
  test('tampers with one byte and with nothing that tells', async () => {
    const honest = await get({}, { method: 'HEAD' });
    cdn.setFault(path, { kind: 'tamper' });
    const response = await get();
    expect(response.headers.get('etag')).toBe(honest.headers.get('etag'));
    const served = await bytes(response);
    const changed = [...served.keys()].filter((index) => served[index] !== content[index]);
    expect([served.byteLength, changed]).toEqual([200_000, [100_000]]);
    const part = await bytes(await get({ range: 'bytes=99990-100009' }));
    expect(part.equals(served.subarray(99_990, 100_010))).toBe(true);
  });

  test('cuts the connection after so many bytes, of a part as well', async () => {
    cdn.setFault(path, { kind: 'truncate', afterBytes: 70_000 });
    for (const headers of [{}, { range: 'bytes=100-' }] as Record<string, string>[]) {
      const response = await get(headers);
      let received = 0;
      const reading = (async () => {
        const chunks: AsyncIterable<Uint8Array> = response.body!;
        for await (const chunk of chunks) received += chunk.byteLength;
      })();
      await expect(reading).rejects.toThrow();
      expect(received).toBe(70_000);
    }
    expect((await bytes(await get({ range: 'bytes=0-69999' }))).byteLength).toBe(70_000);
  });

  test.each<[CdnFault, number, string, string | null]>([
    [{ kind: 'status', status: 503, retryAfterSeconds: 2 }, 503, 'retry-after', '2'],
    [{ kind: 'status', status: 403 }, 403, 'retry-after', null],
    [{ kind: 'redirect', to: 'http://10.0.0.1/x' }, 302, 'location', 'http://10.0.0.1/x'],
    [{ kind: 'missing' }, 404, 'location', null],
  ])('answers %j', async (fault, status, header, value) => {
    cdn.setFault(path, fault);
    const response = await get({}, { redirect: 'manual' });
    expect([response.status, response.headers.get(header)]).toEqual([status, value]);
  });

  test('has another object in a file’s place, with another ETag: what was begun is not gone on with', async () => {
    const before = (await get({}, { method: 'HEAD' })).headers.get('etag') ?? '';
    cdn.setFault(path, replaced());
    const response = await get({ range: 'bytes=150000-', 'if-range': before });
    expect(response.status).toBe(200);
    expect(response.headers.get('etag')).not.toBe(before);
    const served = await bytes(response);
    expect([served.byteLength, served.equals(content)]).toEqual([200_000, false]);
    const part = await get({ range: 'bytes=99990-100009' });
    expect((await bytes(part)).equals(served.subarray(99_990, 100_010))).toBe(true);
    expect((await get({ 'if-none-match': before })).status).toBe(200);
  });

  test('lists nothing for one file in its sums', async () => {
    await writeFile(join(dir, 'SHA256SUMS'), 'aa a.tar.zst\nbb *b.tar.gz\ncc c.json\n');
    for (const [name, left] of [
      ['a.tar.zst', 'bb *b.tar.gz\ncc c.json\n'],
      ['b.tar.gz', 'aa a.tar.zst\ncc c.json\n'],
    ] as const) {
      cdn.setFault('/SHA256SUMS', withoutLine(name));
      expect(await (await fetch(`${cdn.url}/SHA256SUMS`)).text()).toBe(left);
    }
    cdn.setFault('/SHA256SUMS', null);
  });

  test('is down as a whole, and up again', async () => {
    cdn.setFault('/', { kind: 'down' });
    await expect(get()).rejects.toThrow('fetch failed');
    cdn.setFault('/', null);
    expect((await bytes(await get())).equals(content)).toBe(true);
  });

  test('takes its time, and gives up with a caller who does', async () => {
    cdn.setFault(path, { kind: 'slow', bytesPerSecond: 1_000_000 });
    const began = performance.now();
    expect((await bytes(await get())).equals(content)).toBe(true);
    expect(performance.now() - began).toBeGreaterThan(150);
    cdn.setFault(path, { kind: 'slow', bytesPerSecond: 1 });
    await expect(get({}, { signal: AbortSignal.timeout(50) }).then(bytes)).rejects.toThrow();
  });

  test('serves different bytes to different callers', async () => {
    cdn.setFault(path, {
      kind: 'per-caller',
      choose: ({ headers, earlier }) =>
        headers['user-agent'] === 'victim' && earlier > 0 ? { kind: 'tamper' } : null,
    });
    const isHonest = async (agent: string) =>
      (await bytes(await get({ 'user-agent': agent }))).equals(content);
    expect([await isHonest('victim'), await isHonest('other')]).toEqual([false, true]);
  });

  test('fails for a whole folder, but for the path that has a fault of its own', async () => {
    cdn.setFault(folder, { kind: 'missing' });
    cdn.setFault(path, { kind: 'status', status: 500 });
    expect((await fetch(`${cdn.url}${folder}SHA256SUMS`)).status).toBe(404);
    expect((await get()).status).toBe(500);
    cdn.setFault(folder, null);
    expect(await (await fetch(`${cdn.url}${folder}SHA256SUMS`)).text()).toBe('sums\n');
  });

  test('remembers who asked for what', async () => {
    await bytes(await get({ 'user-agent': 'builder-3' }));
    expect(cdn.requests.at(-1)).toMatchObject({
      method: 'GET',
      path,
      headers: { 'user-agent': 'builder-3' },
    });
  });
});
