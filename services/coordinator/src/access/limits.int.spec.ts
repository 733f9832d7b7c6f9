import { once } from 'node:events';
import { connect as connectSocket } from 'node:net';
import { beforeAll, describe, expect, test } from 'vitest';
import { Problem, PROBLEM_BASE, ROUTES } from '#libs/contracts';
import { readConfig } from '#libs/platform';
import { ADMIN_TOKEN, CoordinatorClient, useQuorum } from '#libs/testing';
import { Config } from '../config.js';
import { startCoordinator } from '../coordinator.js';
import { makeTokenText } from './token-text.js';

const quorum = useQuorum({
  start: (environment) => startCoordinator(readConfig(Config, environment)),
  operators: { acme: 1, bits: 1 },
  environment: {
    REQUEST_SECONDS: '1',
    WRONG_TOKENS_PER_MINUTE: '10',
    READS_PER_MINUTE: '40',
    KEYS_PER_HOUR: '3',
    CORS_ORIGINS: 'https://quorum.example',
    TRUSTED_PROXIES: '127.0.0.1',
  },
});
let url = '';
beforeAll(() => {
  ({ url } = quorum().api);
});

async function refusal(response: Response) {
  const { status, type } = Problem.parse(await response.json());
  expect(response.status).toBe(status);
  return { status, code: type.slice(PROBLEM_BASE.length + 1), headers: response.headers };
}

const bearing = (token: string): Readonly<Record<string, string>> => ({
  authorization: `Bearer ${token}`,
});

const from = (address: string): Readonly<Record<string, string>> => ({
  'x-forwarded-for': address,
});
const post = (path: string, headers: Readonly<Record<string, string>>): Promise<Response> =>
  fetch(`${url}/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: '{}',
  });

describe('whoever wastes time or room', () => {
  test('by wrong tokens is slowed and counted, and keeps nobody else out', async () => {
    const address = from('192.0.2.1');
    const good = { ...from('192.0.2.1'), ...bearing(ADMIN_TOKEN) };
    expect((await post(ROUTES.rounds, good)).status).toBe(400);
    const statuses: number[] = [];
    for (let tries = 0; tries < 400; tries += 100) {
      const answers = await Promise.all(
        Array.from({ length: 100 }, () =>
          post(ROUTES.rounds, { ...address, ...bearing(makeTokenText()) }),
        ),
      );
      statuses.push(...answers.map(({ status }) => status));
      await Promise.all(answers.map((answer) => answer.arrayBuffer()));
    }
    expect(statuses.filter((status) => status === 401).length).toBeLessThan(150);
    expect(new Set(statuses)).toEqual(new Set([401, 429]));
    const slowed = await post(ROUTES.rounds, { ...address, ...bearing(makeTokenText()) });
    expect(Number(slowed.headers.get('retry-after'))).toBeGreaterThan(0);
    // Whose token was good before is let in though a neighbour tries; so is everybody elsewhere.
    expect((await post(ROUTES.rounds, good)).status).toBe(400);
    const elsewhere = { ...from('192.0.2.2'), ...bearing(makeTokenText()) };
    expect((await post(ROUTES.rounds, elsewhere)).status).toBe(401);
    const api = new CoordinatorClient(url);
    const counted = await api.metric('quorum_access_refusals_total');
    expect(counted).toBeGreaterThanOrEqual(400);
  });

  test('by reading without end is told when to come again', async () => {
    const read = (): Promise<Response> =>
      fetch(`${url}/${ROUTES.log}/key`, { headers: from('192.0.2.3') });
    for (let at = 0; at < 40; at += 1) expect((await read()).status).toBe(200);
    const refused = await refusal(await read());
    expect(refused).toMatchObject({ status: 429, code: 'too-many-requests' });
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(refused.headers.get('ratelimit')).toMatch(/^"reads";r=0;t=\d+$/);
    // Health is answered to whoever asks.
    const health = await fetch(`${url}/healthz`, { headers: from('192.0.2.3') });
    expect(health.status).toBe(200);
  });

  test('by key records has few of them, and as many from each network', async () => {
    const submit = async (address: string): Promise<number> =>
      (await post(ROUTES.keys, from(address))).status;
    for (let at = 0; at < 3; at += 1) expect(await submit('2001:db8::1')).toBe(400);
    // The same /64, whatever it says of its last half.
    expect(await submit('2001:db8::ffff:1')).toBe(429);
    expect(await submit('2001:db8:1::1')).toBe(400);
  });

  test('by a large body is refused at the size of its route', async () => {
    const body = JSON.stringify({ commit: 'a'.repeat(200_000) });
    const response = await fetch(`${url}/${ROUTES.rounds}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...bearing(ADMIN_TOKEN) },
      body,
    });
    expect(await refusal(response)).toMatchObject({ status: 413, code: 'payload-too-large' });
  });

  test.each([
    ['headers that never end', 'GET /v1/rounds HTTP/1.1\r\nhost: x\r\nx: '],
    [
      'a body that never comes',
      'POST /v1/rounds HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 9\r\n\r\n{',
    ],
  ])('by %s is cut off', async (_, text) => {
    const { hostname, port } = new URL(url);
    const socket = connectSocket(Number(port), hostname);
    socket.on('error', () => undefined);
    socket.resume();
    const closed = once(socket, 'close');
    socket.write(text);
    await closed;
    expect(socket.destroyed).toBe(true);
  });

  test('by two lengths or a line within a header is refused', async () => {
    for (const lines of ['content-length: 2\r\ncontent-length: 3', 'authorization: Bearer a\rb']) {
      const { hostname, port } = new URL(url);
      const socket = connectSocket(Number(port), hostname);
      let answer = '';
      socket.on('data', (data) => (answer += data.toString('latin1')));
      socket.on('error', () => undefined);
      const closed = once(socket, 'close');
      socket.write(`POST /v1/rounds HTTP/1.1\r\nhost: x\r\n${lines}\r\n\r\n`);
      await closed;
      expect(answer).toMatch(/^HTTP\/1.1 400 /);
    }
  });

  test('a page of a named origin may read, and change nothing', async () => {
    const headers = { origin: 'https://quorum.example', ...from('192.0.2.9') };
    const read = await fetch(`${url}/${ROUTES.rounds}`, { headers });
    expect(read.headers.get('access-control-allow-origin')).toBe('https://quorum.example');
    const other = { ...headers, origin: 'https://quorum.example.evil' };
    const refused = await fetch(`${url}/${ROUTES.rounds}`, { headers: other });
    expect(refused.headers.has('access-control-allow-origin')).toBe(false);
    const asked = await fetch(`${url}/${ROUTES.rounds}`, { method: 'OPTIONS', headers });
    expect(asked.headers.has('access-control-allow-origin')).toBe(false);
  });
});
