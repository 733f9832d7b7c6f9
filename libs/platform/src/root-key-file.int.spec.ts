import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ConfigError } from './config.js';
import { readRootKeyFile } from './root-key-file.js';

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'repro-quorum-root-key-'));
});
afterAll(() => rm(dir, { recursive: true, force: true }));

test('a root key is read as it is, and none is the Internet Computer’s own', async () => {
  const path = join(dir, 'root.der');
  await writeFile(path, new Uint8Array(133).fill(7));
  expect(await readRootKeyFile(path)).toEqual(new Uint8Array(133).fill(7));
  expect(await readRootKeyFile(undefined)).toBeUndefined();
});

test('a root key that is none is told with its variable, and what was expected', async () => {
  const path = join(dir, 'none.der');
  await expect(readRootKeyFile(path)).rejects.toThrow(ConfigError);
  await expect(readRootKeyFile(path)).rejects.toThrow(/^NNS_ROOT_KEY_FILE is not usable: ENOENT/);
  await writeFile(path, new Uint8Array(96));
  await expect(readRootKeyFile(path)).rejects.toThrow(
    'NNS_ROOT_KEY_FILE is not usable: it has 96 bytes, expected the DER of a network’s root key, 133 bytes',
  );
});
