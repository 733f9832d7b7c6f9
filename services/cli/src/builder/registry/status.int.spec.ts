import { once } from 'node:events';
import { appendFile, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { makeSigner } from '#libs/testing';
import { readSecretKey } from '../../keys/secret-key.js';
import { filesIn } from './builder-dir.js';
import { initBuilderDir } from './init-dir.js';
import { showStatus } from './status.js';

/** Listens as a coordinator that knows nobody, and gives its address and what it is asked. */
async function coordinator(): Promise<{ url: string; asked: string[] }> {
  const asked: string[] = [];
  const server = createServer(({ url = '' }, response) => {
    asked.push(url);
    response.writeHead(404).end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

test('a builder whose keys were rotated is asked for by its id, and not by its key’s', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'repro-quorum-status-'));
  onTestFinished(() => rm(dir, { recursive: true, force: true }));
  await initBuilderDir({ dir, joins: null });
  const { id: own } = await readSecretKey(filesIn(dir).key, null);
  const { url, asked } = await coordinator();
  await expect(showStatus(undefined, { dir, coordinator: url })).rejects.toThrow();
  const { id: first } = makeSigner(1);
  await appendFile(filesIn(dir).config, `BUILDER_ID=${first}\n`);
  await expect(showStatus(undefined, { dir, coordinator: url })).rejects.toThrow();
  expect(asked).toEqual([`/v1/builders/${own}`, `/v1/builders/${first}`]);
});
