import { request } from 'node:http';
import { brotliDecompressSync, gunzipSync, zstdDecompressSync } from 'node:zlib';
import { beforeAll, describe, expect, test } from 'vitest';
import { envelopeDigest } from '#libs/attestation';
import { LoggedAttestation, RoundList, ROUTES } from '#libs/contracts';
import { sha256 } from '#libs/encoding';
import { LogEntryEntity } from '#libs/persistence';
import { readConfig } from '#libs/platform';
import { ADMIN_TOKEN, CoordinatorClient, eventually, useQuorum } from '#libs/testing';
import { Config } from '../config.js';
import { startCoordinator } from '../coordinator.js';

const quorum = useQuorum({
  start: (environment) => startCoordinator(readConfig(Config, environment)),
  operators: { acme: 1, bits: 1 },
  environment: { DEFAULT_THRESHOLD: '2' },
});

let round: string;
let path: string;
beforeAll(async () => {
  const { api } = quorum();
  round = await decide('0e'.repeat(20));
  path = `/${ROUTES.rounds}/${round}/report`;
  await api.reportIn('final', round);
});

async function decide(commit: string): Promise<string> {
  const { api, builders } = quorum();
  const opened = await api.open({ commit });
  const sealed = await Promise.all(
    builders.map(async (builder) => builder.seal(await builder.invitation(opened))),
  );
  for (const [at, builder] of builders.entries()) await builder.commit(sealed[at]!.commit);
  await Promise.all(builders.map((builder) => builder.close(opened)));
  for (const [at, builder] of builders.entries()) await builder.reveal(sealed[at]!.result);
  await api.reportIn('final', opened);
  return opened;
}

interface Got {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
}

/** As it came: `fetch` would decode it. */
function get(
  of: string,
  headers: Readonly<Record<string, string>> = {},
  method = 'GET',
  url = quorum().api.url,
): Promise<Got> {
  return new Promise((resolve, reject) => {
    request(`${url}${of}`, { method, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => {
        const { statusCode: status = 0, headers: got } = response;
        resolve({ status, headers: got, body: Buffer.concat(chunks) });
      });
    })
      .on('error', reject)
      .end();
  });
}

describe.each([
  ['a report that is kept', () => path],
  ['a page that is kept', () => `/${ROUTES.rounds}?limit=1`],
])('%s', (_, of) => {
  test('has the digest of its bytes as a tag, is to be asked for again, and is not sent twice', async () => {
    const first = await get(of());
    expect(first.status).toBe(200);
    expect(first.headers).toMatchObject({
      etag: `"${sha256(first.body)}"`,
      'cache-control': 'no-cache',
      'content-type': 'application/json; charset=utf-8',
      'content-length': `${first.body.length}`,
      'x-content-type-options': 'nosniff',
      ratelimit: expect.stringMatching(/^"reads";r=\d+;t=\d+$/) as string,
    });
    expect(first.headers['vary']).toContain('Accept-Encoding');
    const second = await get(of(), { 'if-none-match': String(first.headers['etag']) });
    expect(second.status).toBe(304);
    expect(second.body.length).toBe(0);
    expect(second.headers).toMatchObject({
      etag: first.headers['etag'],
      'cache-control': 'no-cache',
    });
    const head = await get(of(), {}, 'HEAD');
    expect(head.status).toBe(200);
    expect(head.body.length).toBe(0);
    expect(head.headers).toMatchObject({
      etag: first.headers['etag'],
      'content-length': `${first.body.length}`,
    });
  });
});

test('a report is compressed as its reader prefers, each time the same bytes', async () => {
  const { body } = await get(path);
  const decoders = [
    ['zstd', zstdDecompressSync],
    ['br', brotliDecompressSync],
    ['gzip', gunzipSync],
  ] as const;
  for (const [coding, decode] of decoders) {
    for (const more of [{}, {}, { origin: 'https://elsewhere.example' }]) {
      const got = await get(path, { 'accept-encoding': coding, ...more });
      expect(got.headers['content-encoding']).toBe(coding);
      expect(got.headers['etag']).toBe(`"${sha256(body)}-${coding}"`);
      expect(got.body.length).toBeLessThan(body.length);
      expect(decode(got.body)).toEqual(body);
      const known = { 'if-none-match': String(got.headers['etag']), 'accept-encoding': coding };
      expect((await get(path, known)).status).toBe(304);
    }
  }
});

test('a kept report has the same headers as one that was just made', async () => {
  const headersOf = async (more: Record<string, string>): Promise<object> => {
    const { headers } = await get(path, more);
    const { date, ratelimit, ...rest } = headers;
    expect(date).toBeDefined();
    expect(ratelimit).toBeDefined();
    return { ...rest, vary: undefined };
  };
  // Whoever names an origin is answered by the route itself.
  expect(await headersOf({})).toEqual(await headersOf({ origin: 'https://elsewhere.example' }));
});

test('what is logged later is in the next report, and a kept one is never given for it', async () => {
  const before = await get(path);
  await get(path);
  await decide('0f'.repeat(20));
  const after = await eventually(
    'a new report',
    () => get(path),
    ({ headers }) => headers['etag'] !== before.headers['etag'],
  );
  const made = await get(path, { origin: 'https://elsewhere.example' });
  expect(after.body).toEqual(made.body);
});

test('a page is never behind, whichever coordinator wrote what it lists', async () => {
  const { api } = quorum();
  const other = await quorum().start();
  const newest = async (of: string): Promise<string> => {
    const { body } = await get(`/${ROUTES.rounds}?limit=1`, {}, 'GET', of);
    return RoundList.parse(JSON.parse(body.toString())).rounds[0]!.round;
  };
  for (const [at, url] of [api.url, other.url, api.url, other.url].entries()) {
    await Promise.all([newest(api.url), newest(other.url)]);
    const opened = await new CoordinatorClient(url).open({ commit: `c${at}`.repeat(20) });
    expect(await Promise.all([newest(api.url), newest(other.url)])).toEqual([opened, opened]);
  }
  await quorum().stop(other);
});

test('pages of other questions are other pages', async () => {
  const counts = [1, 2, 1, 2].map(async (limit) => {
    const { body } = await get(`/${ROUTES.rounds}?limit=${limit}`);
    return RoundList.parse(JSON.parse(body.toString())).rounds.length;
  });
  expect(await Promise.all(counts)).toEqual([1, 2, 1, 2]);
});

test('a report of a round that goes on is never a kept one', async () => {
  const { api, builders } = quorum();
  const open = await api.open({ commit: 'ab'.repeat(20) });
  const of = `/${ROUTES.rounds}/${open}/report`;
  await get(of);
  const [builder] = builders;
  const { commit } = builder!.seal(await builder!.invitation(open));
  await builder!.commit(commit);
  await builder!.receipt(commit);
  const { body } = await get(of);
  expect(JSON.parse(body.toString())).toMatchObject({
    builders: expect.arrayContaining([
      expect.objectContaining({ builder: builder!.id, state: 'committed' }),
    ]) as unknown,
  });
});

test.each([
  ['behind a proxy', { TRUSTED_PROXIES: '127.0.0.1' }],
  ['without one', {}],
])('%s reads of what is kept count as any other, and end at the limit', async (_, more) => {
  const other = await quorum().start({ READS_PER_MINUTE: '500', ...more });
  const read = (of: string): Promise<Got> => get(of, {}, 'GET', other.url);
  const left = async (of: string): Promise<number> =>
    Number(/r=(\d+)/.exec(String((await read(of)).headers['ratelimit']))?.[1]);
  const first = await left(path);
  expect(await left(path)).toBe(first - 1);
  expect(await left(`/${ROUTES.rounds}`)).toBe(first - 2);
  for (let asked = 0; asked < first; asked += 50) {
    await Promise.all(Array.from({ length: 50 }, () => read(path)));
  }
  const beyond = await read(path);
  expect(beyond.status).toBe(429);
  expect(beyond.headers).toMatchObject({
    'content-type': 'application/problem+json; charset=utf-8',
    'cache-control': 'no-store',
  });
  await quorum().stop(other);
});

test('what a token decides is kept by nobody', async () => {
  const authorization = `Bearer ${ADMIN_TOKEN}`;
  const { status, headers } = await get(`/${ROUTES.tokens}`, { authorization });
  expect([status, headers['cache-control']]).toEqual([200, 'no-store']);
  expect((await get(`/${ROUTES.tokens}`)).status).toBe(401);
});

test('refusals are kept by nobody', async () => {
  const { status, headers } = await get(`/${ROUTES.rounds}/${'ee'.repeat(32)}/report`);
  expect([status, headers['cache-control'], headers['etag']]).toEqual([404, 'no-store', undefined]);
});

test('an entry of the log comes with its proof in the newest checkpoint, kept or not', async () => {
  const { api } = quorum();
  const [logged] = await api.logged(round);
  const of = `/${ROUTES.attestations}/${envelopeDigest(logged!.envelope)}`;
  for (const commit of ['1a'.repeat(20), '1b'.repeat(20)]) {
    await decide(commit);
    await eventually(
      'the proof of now',
      async () => {
        const note = (await get(`/${ROUTES.log}/checkpoint`)).body.toString();
        const { proof } = LoggedAttestation.parse(JSON.parse((await get(of)).body.toString()));
        return proof?.endsWith(note) === true;
      },
      (isNow) => isNow,
    );
  }
});

test('tiles never change', async () => {
  const { status, headers } = await get(`/${ROUTES.log}/tile/0/000.p/1`);
  expect(status).toBe(200);
  expect(headers).toMatchObject({
    'cache-control': 'public, max-age=31536000, immutable',
    'content-type': 'application/octet-stream',
  });
});

/** Until then a bundle grows: it has the newest checkpoint, and the proofs against that. */
async function published(): Promise<void> {
  const isWhole = async (): Promise<boolean> => {
    const entries = await quorum().dataSource.getRepository(LogEntryEntity).count();
    const { body } = await get(`/${ROUTES.log}/checkpoint`);
    return body.toString().split('\n')[1] === `${entries}`;
  };
  await eventually('a checkpoint of the whole log', isWhole, Boolean);
}

test('a bundle comes in parts to who asks so', async () => {
  await published();
  const of = `/${ROUTES.rounds}/${round}/bundle`;
  const whole = await get(of);
  expect(whole.headers).toMatchObject({
    'accept-ranges': 'bytes',
    'content-type': 'application/jsonl',
  });
  const etag = String(whole.headers['etag']);
  const part = await get(of, { range: 'bytes=10-19', 'if-range': etag, 'accept-encoding': 'br' });
  expect(part.status).toBe(206);
  expect(part.headers['content-range']).toBe(`bytes 10-19/${whole.body.length}`);
  expect(part.body).toEqual(whole.body.subarray(10, 20));
  expect((await get(of, { range: 'bytes=0-1', 'if-range': '"another"' })).status).toBe(200);
  const beyond = await get(of, { range: 'bytes=999999999-' });
  expect(beyond.status).toBe(416);
  expect(beyond.headers['content-range']).toBe(`bytes */${whole.body.length}`);
  expect((await get(of, { 'if-none-match': etag })).status).toBe(304);
  const coded = await get(of, { 'accept-encoding': 'gzip' });
  expect(gunzipSync(coded.body)).toEqual(whole.body);
});
