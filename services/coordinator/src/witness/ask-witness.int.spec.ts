import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { askOverHttp } from './ask-witness.js';

const TIMEOUT_MS = 400;
const servers: Server[] = [];

/** Serves until the test has ended, and gives the URL. */
async function serve(listener: RequestListener): Promise<URL> {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/prefix/`);
}
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

test('a witness is asked by POST below its prefix, and its status and text are the answer', async () => {
  const seen: unknown[] = [];
  const url = await serve((request, response) => {
    seen.push([request.method, request.url]);
    response.writeHead(409).end('17\n');
  });
  expect(await askOverHttp(url, 'old 0\n', TIMEOUT_MS)).toEqual({ status: 409, body: '17\n' });
  expect(seen).toEqual([['POST', '/prefix/add-checkpoint']]);
});

test('a witness sends nobody elsewhere', async () => {
  let visits = 0;
  const inner = await serve((_, response) => {
    visits += 1;
    response.end('secret');
  });
  for (const status of [301, 302, 307, 308]) {
    const url = await serve((_, response) => {
      response.writeHead(status, { location: inner.href }).end();
    });
    await expect(askOverHttp(url, 'old 0\n', TIMEOUT_MS)).rejects.toThrow();
  }
  expect(visits).toBe(0);
});

test.each<[string, RequestListener]>([
  ['says nothing', () => undefined],
  ['says half a word, and then nothing', (_, response) => void response.write('— w')],
  [
    'drips for ever',
    (_, response) => {
      const drip = setInterval(() => response.write('x'), 20);
      response.on('close', () => {
        clearInterval(drip);
      });
    },
  ],
  ['hangs up', (request) => request.socket.destroy()],
  [
    'never ends',
    (_, response) => {
      const flood = (): void => {
        while (!response.destroyed && response.write('x'.repeat(65_536)));
      };
      response.on('drain', flood);
      flood();
    },
  ],
])('a witness that %s is given up', async (_, listener) => {
  const url = await serve(listener);
  await expect(askOverHttp(url, 'old 0\n', TIMEOUT_MS)).rejects.toThrow();
});
