import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { agentEnv } from './agent-env.js';
import { pinCoordinator } from './coordinator-key.js';

const COORDINATOR = { url: 'https://quorum.example', vkey: 'quorum.example/log+0123+key=' };
const PINNED = { COORDINATOR_URL: COORDINATOR.url, COORDINATOR_VKEY: COORDINATOR.vkey };

let dir = '';
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'repro-quorum-pin-'));
});
afterAll(() => rm(dir, { recursive: true, force: true }));

/** What a configuration says after this coordinator took the builder. */
async function pinned(text: string): Promise<string> {
  const path = join(dir, 'builder-agent.env');
  await writeFile(path, text, { mode: 0o600 });
  await pinCoordinator(COORDINATOR, path);
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  return readFile(path, 'utf8');
}

const without = agentEnv({ dir: '/b', coordinator: null, passphraseFile: null, caFile: null });

test.each<[what: string, text: string]>([
  ['was made without a coordinator', without],
  ['has empty lines for it', `COORDINATOR_URL=\nCOORDINATOR_VKEY=`],
  ['names it, and not its key', `COORDINATOR_URL=${COORDINATOR.url}\n`],
])('a configuration that %s has both once it was taken', async (what, text) => {
  const written = await pinned(text);
  expect(parseEnv(written)).toMatchObject(PINNED);
  expect(written.startsWith(text)).toBe(true);
});

test.each<[what: string, text: string]>([
  ['has both', `COORDINATOR_URL=${COORDINATOR.url}\nCOORDINATOR_VKEY=other\n`],
  ['is of a coordinator elsewhere', 'COORDINATOR_URL=https://other.example\n'],
])('a configuration that %s stays as it is', async (what, text) => {
  expect(await pinned(text)).toBe(text);
});
