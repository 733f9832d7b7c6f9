import { beforeAll, expect, test } from 'vitest';
import { appendToLog, lockLog } from '#libs/persistence';
import { readConfig } from '#libs/platform';
import { makeEntries, useQuorum } from '#libs/testing';
import {
  checkTiles,
  ed25519Verifier,
  openCheckpoint,
  parseVkey,
  tilePath,
  type Checkpoint,
  type TileId,
} from '#libs/tlog';
import { Config } from '../config.js';
import { startCoordinator } from '../coordinator.js';

const LEAVES = 600;
const origin = 'log.example/spec';
const quorum = useQuorum({
  start: (environment) => startCoordinator(readConfig(Config, environment)),
  operators: { acme: 1, bits: 1 },
  environment: { DEFAULT_THRESHOLD: '2' },
});

const read = async (path: string) => quorum().api.get(`/v1/log/${path}`);

async function fetchTile(id: TileId): Promise<Uint8Array | undefined> {
  const response = await read(tilePath(id));
  return response.ok ? new Uint8Array(await response.arrayBuffer()) : undefined;
}

async function checkpoint(): Promise<Checkpoint> {
  const { name, publicKey } = parseVkey((await (await read('key')).text()).trim());
  const note = await (await read('checkpoint')).text();
  return openCheckpoint(note, [ed25519Verifier(name, publicKey)], origin).checkpoint;
}

beforeAll(async () => {
  const { api, dataSource } = quorum();
  await dataSource.transaction(async (manager) => {
    await lockLog(manager);
    await appendToLog(manager, makeEntries(LEAVES), new Date());
  });
  await api.open({ commit: '0b'.repeat(20) });
});

test('the whole log can be recomputed from what is served, against its checkpoint', async () => {
  const { size, root } = await checkpoint();
  expect(size).toBe(BigInt(LEAVES + 1));
  const served = { size, root, readTile: fetchTile, readEntries: fetchTile };
  expect(await checkTiles(served)).toBeNull();
  const other = await checkTiles({ ...served, root: new Uint8Array(32) });
  expect(other).toMatchObject({ kind: 'wrong-root' });
});

test('a tile may be kept for ever', async () => {
  const response = await read('tile/0/000');
  expect(response.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
  expect(response.headers.get('content-type')).toBe('application/octet-stream');
  expect((await response.arrayBuffer()).byteLength).toBe(256 * 32);
});

test('that there is no such tile yet is not to be kept', async () => {
  const response = await read('tile/0/003');
  expect([response.status, response.headers.get('cache-control')]).toEqual([404, 'no-store']);
});

test.each([
  ['beyond the log', 'tile/0/003'],
  ['wider than the log', 'tile/0/002.p/90'],
  ['of a level that is not full', 'tile/1/000'],
  ['of no level', 'tile/x/000'],
  ['spelt in two ways', 'tile/0/0'],
  ['above it', 'tile/0/..%2f..%2fkey'],
])('a tile %s is none', async (_, path) => {
  const problem = await quorum().api.refused('GET', `/v1/log/${path}`);
  expect(problem).toMatchObject({ status: 404, code: 'no-such-tile' });
});
