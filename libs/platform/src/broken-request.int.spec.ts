import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Problem } from '#libs/contracts';
import { refuseBroken } from './broken-request.js';

let server: Server;
beforeAll(async () => {
  server = createServer(
    { maxHeaderSize: 4096, headersTimeout: 100, connectionsCheckingInterval: 20 },
    (_, response) => response.end('fine'),
  );
  server.on('clientError', (error, socket) => {
    refuseBroken(error, socket as Socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

/** What is answered to some bytes, until the server hangs up. */
async function answerTo(text: string): Promise<string> {
  const { port } = server.address() as AddressInfo;
  const socket = connect(port, '127.0.0.1');
  socket.write(text);
  const parts: Buffer[] = [];
  for await (const part of socket) parts.push(part as Buffer);
  return Buffer.concat(parts).toString();
}

const HEAD = 'GET / HTTP/1.1\r\nhost: a\r\n';

test.each([
  ['no HTTP', 'hello\r\n\r\n', 400, 'bad-request'],
  ['a length that is none', `${HEAD}content-length: many\r\n\r\n`, 400, 'bad-request'],
  ['two lengths', `${HEAD}content-length: 1\r\ncontent-length: 2\r\n\r\n`, 400, 'bad-request'],
  [
    'headers without end',
    `${HEAD}x: ${'y'.repeat(8192)}\r\n\r\n`,
    431,
    'request-header-fields-too-large',
  ],
  ['headers that never come', HEAD, 408, 'request-timeout'],
])('%s is answered with a problem, and the connection ends', async (_, text, status, code) => {
  const answer = await answerTo(text);
  const [head = '', body = ''] = answer.split('\r\n\r\n');
  expect(head).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
  expect(head).toContain('content-type: application/problem+json');
  expect(head).toContain(`content-length: ${Buffer.byteLength(body)}`);
  expect(head).toContain('connection: close');
  const problem = Problem.parse(JSON.parse(body));
  expect(problem).toMatchObject({ status });
  expect(problem.type.endsWith(`/${code}`)).toBe(true);
  // Nothing of what was sent is said again.
  expect(body).not.toContain('many');
});

test('nobody who has gone is answered', () => {
  const told: string[] = [];
  const socketThat = (writable: boolean): Socket =>
    ({
      writable,
      destroy: () => told.push('destroyed'),
      end: () => told.push('answered'),
    }) as unknown as Socket;
  refuseBroken(Object.assign(new Error('gone'), { code: 'ECONNRESET' }), socketThat(true));
  refuseBroken(new Error('half closed'), socketThat(false));
  expect(told).toEqual(['destroyed', 'destroyed']);
});
