import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { eventually, makeSigner } from '#libs/testing';
import { secretOf, signatureHeaders } from './news-secret.js';
import { postMessage } from './post-message.js';

const PAGE = join(import.meta.dirname, '../../../../docs/news.md');
const secret = secretOf(makeSigner(1), 'sub_1');
const body = JSON.stringify({ type: 'round.opened', data: { summary: 'a round was opened' } });
let directory: string;
let receiver: ChildProcess;
let printed = '';
let port: number;

/** A port that nobody listens on. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port: free } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return free;
}

beforeAll(async () => {
  const [, code = ''] = /```js\n([\s\S]*?)```/.exec(await readFile(PAGE, 'utf8')) ?? [];
  expect(code.split('\n').length).toBeLessThan(25);
  directory = await mkdtemp(join(tmpdir(), 'repro-quorum-receiver-'));
  await writeFile(join(directory, 'receiver.mjs'), code);
  port = await freePort();
  receiver = spawn(process.execPath, [join(directory, 'receiver.mjs')], {
    env: { SECRET: secret, PORT: `${port}` },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  receiver.stdout?.on('data', (part: Buffer) => (printed += part.toString()));
  await eventually(
    'a receiver',
    () => post(signedAt(Date.now(), 'msg_0')),
    ({ kind }) => kind === 'delivered',
  );
});
afterAll(async () => {
  receiver.kill();
  await rm(directory, { recursive: true, force: true });
});

function signedAt(atMs: number, id: string): Readonly<Record<string, string>> {
  return signatureHeaders(secret, { id, timestamp: Math.floor(atMs / 1000), body });
}

async function post(headers: Readonly<Record<string, string>>): ReturnType<typeof postMessage> {
  const url = new URL(`http://127.0.0.1:${port}/`);
  const posted = { contentType: 'application/json', headers, body };
  return postMessage({ url, lookup: null }, posted, new Date());
}

test('the receiver of docs/news.md takes what is signed, and tells it once', async () => {
  printed = '';
  for (let time = 0; time < 2; time += 1) {
    expect((await post(signedAt(Date.now(), 'msg_1'))).kind).toBe('delivered');
  }
  expect((await post(signedAt(Date.now(), 'msg_2'))).kind).toBe('delivered');
  await eventually('two lines', () => (printed.split('\n').length > 2 ? true : undefined));
  expect(printed).toBe('a round was opened\n'.repeat(2));
});

test.each([
  ['is not signed', () => ({})],
  ['is signed for another message', () => ({ ...signedAt(Date.now(), 'a'), 'webhook-id': 'b' })],
  ['was signed ten minutes ago', () => signedAt(Date.now() - 600_000, 'msg_3')],
])('it refuses what %s', async (_, headers) => {
  expect(await post(headers())).toMatchObject({ detail: 'the receiver answered 401' });
});
