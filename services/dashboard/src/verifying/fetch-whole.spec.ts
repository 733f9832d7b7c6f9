import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { fetchWhole } from './fetch-whole.js';
import { Refusal } from './refusal.js';

const body = Uint8Array.from({ length: 100_000 }, (_, at) => at % 251);
const server = createServer(({ url }, response) => {
  if (url === '/whole') response.end(body);
  else if (url === '/cut') response.writeHead(200, { 'content-length': '5' }).write('ab');
  else response.writeHead(404).end(JSON.stringify({ detail: 'no such round' }));
  if (url === '/cut') response.destroy();
});
let origin = '';
beforeAll(async () => {
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

test('a file is fetched whole, and told of while it comes', async () => {
  const told: number[] = [];
  const whole = await fetchWhole(`${origin}/whole`, body.length, (bytes) => told.push(bytes));
  expect(whole).toEqual(body);
  expect(told.at(-1)).toBe(body.length);
});

test.each([
  ['larger than is read', '/whole', 99_999, /more than 99999 bytes/],
  ['refused, in the words of the API', '/none', 10, /404: no such round/],
  ['cut off', '/cut', 10, /could not be fetched/],
])('what is %s is no evidence', async (_what, path, most, words) => {
  const fetched = fetchWhole(`${origin}${path}`, most, () => undefined);
  await expect(fetched).rejects.toThrow(Refusal);
  await expect(fetched).rejects.toThrow(words);
});
