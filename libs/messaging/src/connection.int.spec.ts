import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { startNats, type EmbeddedNats, type NatsTls } from '#libs/embedded';
import { eventually, makeNatsKey, useNatsWithAccounts } from '#libs/testing';
import { connectNats, type NatsOptions } from './index.js';
import { identityOf } from './server-identity.js';

const accounts = useNatsWithAccounts({ websocketPort: null });
let dir = '';
let caFile = '';
let tls: NatsTls;
let secure: EmbeddedNats;

/** Makes an authority and a certificate of it for 127.0.0.1. */
async function makeCertificates(): Promise<NatsTls> {
  const path = (name: string): string => join(dir, name);
  caFile = path('ca.pem');
  const made = ['req', '-x509', '-nodes', '-newkey', 'ed25519', '-days', '2'];
  await execa('openssl', [
    ...[...made, '-keyout', path('ca.key'), '-out', caFile, '-subj', '/CN=a group'],
  ]);
  await execa('openssl', [
    ...[...made, '-keyout', path('key.pem'), '-out', path('cert.pem'), '-subj', '/CN=nats'],
    ...['-CA', caFile, '-CAkey', path('ca.key'), '-addext', 'subjectAltName=IP:127.0.0.1'],
    ...['-addext', 'basicConstraints=critical,CA:false'],
  ]);
  return { certFile: path('cert.pem'), keyFile: path('key.pem') };
}

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'repro-quorum-tls-'));
  tls = await makeCertificates();
  secure = await startNats({ dataDir: join(dir, 'nats'), durable: false, tls });
});
afterAll(async () => {
  await secure.stop();
  await rm(dir, { recursive: true, force: true });
});

async function version(options: Omit<NatsOptions, 'name'>): Promise<string | undefined> {
  const connection = await connectNats({ ...options, name: 'a test' });
  onTestFinished(() => connection.close());
  await connection.flush();
  return connection.info?.version;
}

test('a server whose certificate leads to nobody known is not spoken to', async () => {
  const attempt = connectNats({ url: secure.url, name: 'a test' });
  // It waits for a server that it can trust, for ever.
  const log = () => readFile(join(dir, 'nats', 'nats.log'), 'utf8');
  await eventually('two attempts', log, (text) => text.split('TLS handshake error').length > 2);
  // What it trusts is the whole process's: now it comes through.
  expect(await version({ url: secure.url, caFile })).toBe(secure.version);
  await (await attempt).close();
});

describe('a group’s own authority', () => {
  test('is trusted where its file is named', async () => {
    expect(secure.url).toMatch(/^tls:/);
    expect(await version({ url: secure.url, caFile })).toBe(secure.version);
  });

  test('is no reason to send anything in clear', async () => {
    const said: string[] = [];
    let ended = 0;
    const server = createServer((socket) => {
      socket.on('data', (chunk) => said.push(chunk.toString()));
      socket.on('error', () => undefined);
      socket.on('close', () => (ended += 1));
      const info = { server_id: 'NA', version: '2.9.10', proto: 1, max_payload: 1_000_000 };
      socket.write(`INFO ${JSON.stringify({ ...info, headers: true, nonce: 'nonce' })}\r\n`);
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const { port } = server.address() as AddressInfo;
    const url = `nats://127.0.0.1:${port}`;
    const credentials = { seed: makeNatsKey().seed, jwt: () => 'a jwt' };
    const attempt = connectNats({ url, name: 'a test', caFile, credentials });
    await eventually(
      'two attempts',
      () => Promise.resolve(ended),
      (count) => count >= 2,
    );
    expect(said).toEqual([]);
    await once(server.close(), 'close');
    // One that speaks TLS comes in its place: that is what it waited for.
    const dataDir = join(dir, 'late');
    const late = await startNats({ dataDir, port, durable: false, tls });
    await (await attempt).close();
    await late.stop();
  });
});

test('a file without certificates is told at once', async () => {
  await expect(
    connectNats({ url: secure.url, name: 'a test', caFile: '/dev/null' }),
  ).rejects.toThrow();
});

describe('a builder', () => {
  test('comes in through a WebSocket with what it signs in with anywhere', async () => {
    const key = makeNatsKey();
    const directory = await accounts().directory();
    await directory.admitBuilder({ builder: 'b1', natsPublicKey: key.publicKey });
    const credentials = accounts().credentials('b1', key);
    expect(accounts().websocketUrl).toMatch(/^ws:\/\/127\.0\.0\.1:\d+$/);
    expect(await version({ url: accounts().websocketUrl, credentials })).toBe(secure.version);
  });

  test('takes the way that is open', async () => {
    const key = makeNatsKey();
    const directory = await accounts().directory();
    await directory.admitBuilder({ builder: 'b2', natsPublicKey: key.publicKey });
    const credentials = accounts().credentials('b2', key);
    // Nobody listens on the first.
    const url = ['tls://127.0.0.1:1', accounts().websocketUrl];
    expect(await version({ url, credentials })).toBe(secure.version);
  });

  test('that is refused comes in as soon as it is admitted', async () => {
    const key = makeNatsKey();
    const directory = await accounts().directory();
    const credentials = accounts().credentials('b3', key);
    const attempt = version({ url: accounts().url, credentials });
    await directory.admitBuilder({ builder: 'b3', natsPublicKey: key.publicKey });
    expect(await attempt).toBe(secure.version);
  });
});

test.each([
  ['tls://127.0.0.1:4222', 'localhost', true],
  ['tls://127.0.0.2:4222', 'localhost', false],
  ['tls://nats.example:4222', 'nats.example', false],
  ['tls://localhost:4222', 'localhost', false],
])('the certificate of 127.0.0.1 is that of %s, asked for as %s: %s', async (url, host, isIt) => {
  const pem = await readFile(join(dir, 'cert.pem'));
  const certificate = new X509Certificate(pem).toLegacyObject();
  expect(identityOf([url])(host, certificate) === undefined).toBe(isIt);
});
