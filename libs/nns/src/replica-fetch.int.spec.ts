import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { createGovernance, type Governance } from './index.js';

let server: Server;

afterEach(async () => {
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
});

async function governanceAt(answer: RequestListener, timeoutMs = 30_000): Promise<Governance> {
  server = createServer(answer).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return createGovernance({ host: `http://127.0.0.1:${port}`, timeoutMs });
}

test('a host that never answers is unreachable when the time is up', async () => {
  const governance = await governanceAt(() => undefined, 300);
  await expect(governance.readProposal(1n)).rejects.toMatchObject({
    code: 'UNREACHABLE',
    message: expect.stringContaining('within 300 ms') as string,
  });
});

test('an answer larger than a replica can send is cut off', async () => {
  const governance = await governanceAt((_request, response) => {
    response.end(Buffer.alloc(5 * 1024 * 1024));
  });
  await expect(governance.readProposal(1n)).rejects.toMatchObject({ code: 'MALFORMED_ANSWER' });
});

test('a redirect is not followed', async () => {
  const visited: (string | undefined)[] = [];
  const governance = await governanceAt((request, response) => {
    visited.push(request.url);
    response.writeHead(307, { location: '/elsewhere' }).end();
  });
  await expect(governance.readProposal(1n)).rejects.toMatchObject({ code: 'UNREACHABLE' });
  expect(visited).not.toContain('/elsewhere');
});

test.each([
  ['lists in lists, 100,000 deep', Buffer.alloc(100_000, 0x81)],
  ['a list of 2^63 items', Buffer.from('d9d9f79b8000000000000000', 'hex')],
  ['a map without a certificate', Buffer.from('a16161f6', 'hex')],
  ['a certificate that is a text', Buffer.from('a16b63657274696669636174656161', 'hex')],
])('hostile CBOR is no proof and breaks nothing: %s', async (_name, body) => {
  const governance = await governanceAt((_request, response) => response.end(body));
  await expect(governance.readProposal(1n)).rejects.toMatchObject({ code: 'UNCERTIFIED' });
});
