import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { askCoordinator } from './ask-coordinator.js';

const BOUNDS = { timeoutMs: 20_000, maxBytes: 8 * 1024 ** 2 };
const SPACES = Buffer.alloc(1024 ** 2, ' ');

/** Plays a coordinator until the test ends; gives its address. */
async function listen(answer: RequestListener): Promise<string> {
  const server = createServer(answer).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

test('an answer that has no end is given up once it is longer than what is taken', async () => {
  let sentBytes = 0;
  const url = await listen((_, response) => {
    const more = (): void => {
      do sentBytes += SPACES.length;
      while (response.write(SPACES));
    };
    response.on('drain', more);
    more();
  });
  await expect(askCoordinator(new URL(url), BOUNDS)).rejects.toThrow(/has more than 8388608 bytes/);
  // Some of it waits in buffers between the two.
  expect(sentBytes).toBeLessThan(64 * SPACES.length);
});

test('a coordinator that leads elsewhere is not followed', async () => {
  const asked: string[] = [];
  const elsewhere = await listen((request, response) => {
    asked.push(request.url ?? '');
    response.end();
  });
  const url = await listen((_, response) => response.writeHead(302, { location: elsewhere }).end());
  await expect(askCoordinator(new URL(url), BOUNDS)).rejects.toThrow('unexpected redirect');
  expect(asked).toEqual([]);
});
