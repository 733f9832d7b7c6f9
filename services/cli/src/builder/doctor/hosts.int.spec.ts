import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { askHosts, hostsText, neededHosts } from './hosts.js';

const server = createServer((_request, response) => {
  response.statusCode = 404;
  response.end();
});
let port = 0;
beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  ({ port } = server.address() as AddressInfo);
});
afterAll(() => {
  server.close();
});

describe('the hosts of a builder', () => {
  test('are those of its configuration, each once, with all that it is needed for', () => {
    const hosts = neededHosts({
      COORDINATOR_URL: 'https://quorum.example.org/',
      NATS_URL: 'wss://quorum.example.org/nats, tls://nats.example.org:4222',
      GIT_URL: 'https://git.example.org/dfinity/ic.git',
      CDN_BASES: 'https://git.example.org/cdn',
    });
    expect(hosts).toEqual([
      { origin: 'https://quorum.example.org', what: 'coordinator' },
      { origin: 'wss://quorum.example.org', what: 'NATS' },
      { origin: 'tls://nats.example.org:4222', what: 'NATS' },
      { origin: 'https://git.example.org', what: 'source, releases' },
    ]);
  });

  test('without a configuration are what every build needs', () => {
    expect(neededHosts({}).map(({ origin }) => origin)).toEqual([
      'https://github.com',
      'https://download.dfinity.systems',
      'https://download.dfinity.network',
    ]);
  });

  test('answer with whatever they like, over HTTP or by a connection, or are silent', async () => {
    const hosts = ['http', 'ws', 'nats', 'tls'].map((scheme) => ({
      ...{ origin: `${scheme}://127.0.0.1:${port}`, what: scheme },
    }));
    const nobody = { origin: 'nats://127.0.0.1:9', what: 'nobody' };
    const asked = await askHosts([...hosts, nobody], true);
    expect(asked.map(({ state }) => state)).toEqual([
      ...['answers', 'answers', 'answers', 'answers', 'silent'],
    ]);
    expect(hostsText(asked)).toMatch(/✗ nats:\/\/127\.0\.0\.1:9 +nobody +connect ECONNREFUSED/);
  });

  test('are asked only where that was wanted', async () => {
    const asked = await askHosts([{ origin: 'https://a.example', what: 'x' }], false);
    expect(asked).toMatchObject([{ state: 'not-asked' }]);
    expect(hostsText(asked)).toContain('--online asks them');
  });
});
