import { generateKeyPairSync } from 'node:crypto';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { lockKey, signerFromPem } from '#libs/attestation';
import { ConfigError } from '#libs/platform';
import { readSigningKey } from './key-file.js';

const { privateKey } = generateKeyPairSync('ed25519');
const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
const { id } = signerFromPem(pem);

let directory: string;
let path: string;
let words: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'repro-quorum-signing-key-'));
  [path, words] = [join(directory, 'key.pem'), join(directory, 'passphrase')];
  await writeFile(path, pem, { mode: 0o600 });
});
afterEach(() => rm(directory, { recursive: true, force: true }));

const read = (passphrase?: string) =>
  readSigningKey({ SIGNING_KEY_FILE: path, KEY_PASSPHRASE_FILE: passphrase });

describe('the key that signs the log', () => {
  test('is read from a file of its owner alone', async () => {
    expect((await read()).id).toBe(id);
    await chmod(path, 0o640);
    await expect(read()).rejects.toThrow(ConfigError);
    await expect(read()).rejects.toThrow(/SIGNING_KEY_FILE .*mode 0640.*chmod 600/);
  });

  test('may be locked, with its passphrase in a file of its owner alone', async () => {
    await writeFile(words, 'a passphrase\n', { mode: 0o600 });
    const [salt, nonce] = [new Uint8Array(32).fill(1), new Uint8Array(12).fill(2)];
    await writeFile(path, lockKey(pem, { passphrase: 'a passphrase', salt, nonce }));
    expect((await read(words)).id).toBe(id);
    await expect(read()).rejects.toThrow(/KEY_PASSPHRASE_FILE/);
    await chmod(words, 0o644);
    await expect(read(words)).rejects.toThrow(`chmod 600 ${words}`);
  });

  test.each([
    ['no key', 'garbage', /not a PEM private key/],
    ['nothing', '', /not a PEM private key/],
  ])('that is %s is told with the variable’s name, and not quoted', async (_, text, reason) => {
    await writeFile(path, text);
    await expect(read()).rejects.toThrow(reason);
    await expect(read()).rejects.toThrow(/^SIGNING_KEY_FILE "/);
    await expect(read()).rejects.not.toThrow(/garbage/);
  });

  test('that is not there is told so', async () => {
    await rm(path);
    await expect(read()).rejects.toThrow(ConfigError);
    await expect(read()).rejects.toThrow(/ENOENT/);
  });
});
