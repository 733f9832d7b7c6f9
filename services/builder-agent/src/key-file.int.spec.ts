import { generateKeyPairSync } from 'node:crypto';
import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { lockKey, signerFromPem } from '#libs/attestation';
import { scratchDirectory } from './agent.fixture.js';
import { readSigner } from './key-file.js';

const { privateKey } = generateKeyPairSync('ed25519');
const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
const { id } = signerFromPem(pem);

let key: string;
let passphrase: string;
beforeEach(async () => {
  const dir = await scratchDirectory();
  [key, passphrase] = [join(dir, 'key.pem'), join(dir, 'passphrase')];
  await writeFile(passphrase, 'a passphrase\n', { mode: 0o600 });
});

test('a key of its owner alone is read; open to others, it is refused', async () => {
  await writeFile(key, pem, { mode: 0o600 });
  expect((await readSigner(key)).id).toBe(id);
  expect((await readSigner(key, passphrase)).id).toBe(id);
  await chmod(key, 0o640);
  await expect(readSigner(key)).rejects.toThrow(`chmod 600 ${key}`);
});

test('a locked key is read with the passphrase in a file, which is its owner’s alone too', async () => {
  const [salt, nonce] = [new Uint8Array(32).fill(1), new Uint8Array(12).fill(2)];
  const text = lockKey(pem, { passphrase: 'a passphrase', salt, nonce });
  await writeFile(key, text, { mode: 0o600 });
  expect((await readSigner(key, passphrase)).id).toBe(id);
  await expect(readSigner(key)).rejects.toThrow('KEY_PASSPHRASE_FILE');
  await chmod(passphrase, 0o604);
  await expect(readSigner(key, passphrase)).rejects.toThrow(`chmod 600 ${passphrase}`);
});

test('a file that is not there is told by its code', async () => {
  await expect(readSigner(key)).rejects.toMatchObject({ code: 'ENOENT' });
});
