import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { PROBLEM_BASE } from '#libs/contracts';
import { answerOf, createApiClient } from './client.js';
import { ApiError } from './error.js';

const ROUND = 'ab'.repeat(32);
const heard: { method: string; url: string; authorization: string | undefined }[] = [];
let server: Server;
let url = '';

const ANSWERS: Readonly<Record<string, readonly [status: number, body: unknown]>> = {
  '/v1/rounds?limit=2': [200, { rounds: [], next: null }],
  [`/v1/rounds/${ROUND}/report`]: [
    404,
    { type: `${PROBLEM_BASE}/no-such-round`, title: 'Not Found', status: 404, detail: 'none' },
  ],
  '/v1/builders': [
    418,
    { type: `${PROBLEM_BASE}/of-tomorrow`, title: 'Teapot', status: 418, detail: 'later' },
  ],
  '/v1/keys': [502, 'a proxy speaks'],
};

beforeAll(async () => {
  server = createServer(({ method = '', url: path = '', headers }, response) => {
    heard.push({ method, url: path, authorization: headers.authorization });
    const [status, body] = ANSWERS[path] ?? [500, null];
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.close();
});

async function errorOf(asked: Promise<unknown>): Promise<ApiError> {
  const error: unknown = await asked.then(
    () => null,
    (cause: unknown) => cause,
  );
  if (error instanceof ApiError) return error;
  throw new Error('it did not reject with an ApiError');
}

test('an answer is given with its type', async () => {
  const client = createApiClient({ url });
  const list = await answerOf(client.GET('/v1/rounds', { params: { query: { limit: 2 } } }));
  const next: string | null = list.next;
  expect([list.rounds, next]).toEqual([[], null]);
});

test('a token goes along where one is given, and nowhere else', async () => {
  heard.length = 0;
  await createApiClient({ url }).GET('/v1/rounds', { params: { query: { limit: 2 } } });
  await createApiClient({ url, token: 'rqt_x' }).GET('/v1/rounds', {
    params: { query: { limit: 2 } },
  });
  expect(heard.map(({ authorization }) => authorization)).toEqual([undefined, 'Bearer rqt_x']);
});

test('a problem becomes an error with its code', async () => {
  const asked = createApiClient({ url }).GET('/v1/rounds/{round}/report', {
    params: { path: { round: ROUND } },
  });
  expect(await errorOf(asked)).toMatchObject({
    ...{ code: 'no-such-round', status: 404, message: 'none' },
  });
});

test('a problem that is not known yet, and an error that is none, are told as such', async () => {
  const client = createApiClient({ url });
  expect(await errorOf(client.GET('/v1/builders'))).toMatchObject({
    ...{ code: 'unknown-problem', status: 418, message: 'later' },
  });
  expect(await errorOf(client.GET('/v1/keys'))).toMatchObject({
    ...{ code: 'unknown-problem', status: 502, problem: null },
  });
});

test('where nobody answers, that is the error', async () => {
  const client = createApiClient({ url: 'http://127.0.0.1:9' });
  expect(await errorOf(client.GET('/v1/rounds'))).toMatchObject({
    code: 'no-answer',
    status: null,
  });
});
