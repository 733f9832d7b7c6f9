import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect as connectTls } from 'node:tls';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Problem } from '#libs/contracts';
import { startNats, type EmbeddedNats } from '#libs/embedded';
import { connectNats, trustAuthorities } from '#libs/messaging';
import { readConfig } from '#libs/platform';
import { eventually, useQuorum } from '#libs/testing';
import { Config } from '../config.js';
import { startCoordinator } from '../coordinator.js';

const quorum = useQuorum({
  start: (environment) => startCoordinator(readConfig(Config, environment)),
  operators: { acme: 1, bits: 1 },
});
let dir = '';
let nats: EmbeddedNats;
let url: URL;
const file = (name: string): string => join(dir, name);

/** Makes a certificate for this machine, by the spec's own authority. */
async function issue(name: string): Promise<void> {
  const csr = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
  const out = ['-keyout', file('key.new'), '-out', file('csr.pem')];
  await execa('openssl', ['req', ...csr, ...out, '-subj', `/CN=${name}`]);
  const by = ['-CA', file('ca.pem'), '-CAkey', file('ca-key.pem'), '-CAcreateserial'];
  const what = ['-in', file('csr.pem'), '-out', file('cert.new'), '-days', '2'];
  await execa('openssl', ['x509', '-req', ...what, ...by, '-extfile', file('names.cnf')]);
  await writeFile(file('key.pem'), await readFile(file('key.new')), { mode: 0o600 });
  await writeFile(file('cert.pem'), await readFile(file('cert.new')));
}

/** The name in the certificate that a new connection is shown. */
function shownName(): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    const socket = connectTls({ host: '127.0.0.1', port: Number(url.port) }, () => {
      const { CN: name } = socket.getPeerCertificate().subject;
      socket.end();
      resolve(Array.isArray(name) ? name[0] : name);
    });
    socket.on('error', reject);
  });
}

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'repro-quorum-one-port-'));
  await writeFile(file('names.cnf'), 'subjectAltName=IP:127.0.0.1,DNS:localhost\n');
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-x509'];
  const out = ['-keyout', file('ca-key.pem'), '-out', file('ca.pem'), '-days', '2'];
  await execa('openssl', ['req', ...key, ...out, '-subj', '/CN=the group of the spec']);
  await issue('first');
  nats = await startNats({ dataDir: file('nats'), durable: false, websocketPort: null });
  await trustAuthorities(file('ca.pem'));
  const started = await quorum().start({
    TLS_CERT_FILE: file('cert.pem'),
    TLS_KEY_FILE: file('key.pem'),
    NATS_WEBSOCKET_URL: nats.websocketUrl ?? '',
  });
  url = new URL(started.url);
});
afterAll(async () => {
  await quorum().stopAll();
  await nats.stop();
  await rm(dir, { recursive: true, force: true });
});

test('one port with TLS has the API and NATS: a builder needs no other', async () => {
  expect(url.protocol).toBe('https:');
  const key = await fetch(new URL('/v1/log/key', url));
  expect(key.headers.get('strict-transport-security')).toContain('max-age=');
  const one = await connectNats({ url: `wss://${url.host}/nats`, name: 'one' });
  const other = await connectNats({ url: nats.url, name: 'other' });
  const taken = (async () => {
    for await (const message of one.subscribe('spec.one')) return message.data.length;
    return 0;
  })();
  await one.flush();
  // As large as anything that travels.
  other.publish('spec.one', new Uint8Array(1_000_000));
  expect(await taken).toBe(1_000_000);
  await one.close();
  await other.close();
});

test('what is not a WebSocket gets no answer of the server behind', async () => {
  const answer = await fetch(new URL('/nats', url));
  expect(Problem.parse(await answer.json())).toMatchObject({ status: 426 });
  for (const path of ['/nats/varz', '/nats/..%2fvarz', '/nats/healthz']) {
    // Where the pages are not built, an address that nobody knows is told so.
    expect([404, 503]).toContain((await fetch(new URL(path, url))).status);
  }
  const posted = await fetch(new URL('/nats', url), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{}',
  });
  expect(posted.status).toBe(404);
});

test('a new certificate is shown without a restart; half of one changes nothing', async () => {
  const held = await connectNats({ url: `wss://${url.host}/nats`, name: 'held' });
  expect(await shownName()).toBe('first');
  await writeFile(file('cert.pem'), 'half of it');
  process.emit('SIGHUP', 'SIGHUP');
  expect(await shownName()).toBe('first');
  await issue('second');
  await eventually(
    'the second certificate',
    async () => {
      process.emit('SIGHUP', 'SIGHUP');
      return shownName();
    },
    (name) => name === 'second',
  );
  // Whoever was connected still is.
  await held.flush();
  expect(held.isClosed()).toBe(false);
  await held.close();
});

test('a key that is not the certificate’s keeps the coordinator from starting', async () => {
  await writeFile(file('other-key.pem'), await readFile(file('ca-key.pem')));
  const wrong = { TLS_CERT_FILE: file('cert.pem'), TLS_KEY_FILE: file('other-key.pem') };
  await expect(quorum().start(wrong)).rejects.toThrow(/TLS_KEY_FILE/);
  await expect(quorum().start({ TLS_KEY_FILE: file('key.pem') })).rejects.toThrow(/go together/);
});
