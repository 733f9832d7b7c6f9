import { generateKeyPairSync } from 'node:crypto';
import { chmod, chown, mkdtemp, open, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createUser } from '@nats-io/nkeys';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { lockKey } from './key-lock.js';
import { readNatsSigner, readPassphrase, readSigner, type OpenFile } from './key-reader.js';
import { natsKeyText } from './nats-key.js';
import { createNativeSigner } from './native-signer.js';
import { signerFromPem } from './signer.js';

const { privateKey } = generateKeyPairSync('ed25519');
const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
const { id } = signerFromPem(pem);

let directory: string;
let path: string;
let words: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'repro-quorum-key-'));
  [path, words] = [join(directory, 'key.pem'), join(directory, 'passphrase')];
  await writeFile(words, 'a passphrase\n', { mode: 0o600 });
});
afterEach(() => rm(directory, { recursive: true, force: true }));

const read = (passphrasePath: string | null = null) => readSigner(open, { path, passphrasePath });

describe('a private key on disk', () => {
  test('of its owner alone is read; open to others, it is refused', async () => {
    await writeFile(path, pem, { mode: 0o600 });
    expect((await read()).id).toBe(id);
    expect((await read(words)).id).toBe(id);
    await chmod(path, 0o640);
    await expect(read()).rejects.toThrow(`chmod 600 ${path}`);
  });

  test('that is locked is read with the passphrase in a file, which is its owner’s alone too', async () => {
    const [salt, nonce] = [new Uint8Array(32).fill(1), new Uint8Array(12).fill(2)];
    const text = lockKey(pem, { passphrase: 'a passphrase', salt, nonce });
    await writeFile(path, text, { mode: 0o600 });
    const make = createNativeSigner;
    expect((await readSigner(open, { path, passphrasePath: words, make })).id).toBe(id);
    await expect(read()).rejects.toThrow('KEY_PASSPHRASE_FILE');
    await chmod(words, 0o604);
    await expect(read(words)).rejects.toThrow(`chmod 600 ${words}`);
  });

  test('that is not there is told by its code', async () => {
    await expect(read()).rejects.toMatchObject({ code: 'ENOENT', path });
    await writeFile(path, pem, { mode: 0o600 });
    const none = join(directory, 'none');
    await expect(read(none)).rejects.toMatchObject({ code: 'ENOENT', path: none });
  });

  test('that is changed for another while it is read has the mode that goes with its text', async () => {
    await writeFile(path, pem, { mode: 0o644 });
    const swapping: OpenFile = async (name) => {
      const file = await open(name, 'r');
      await writeFile(join(directory, 'other'), pem, { mode: 0o600 });
      await rename(join(directory, 'other'), name);
      return file;
    };
    const reading = readSigner(swapping, { path, passphrasePath: null });
    await expect(reading).rejects.toThrow('mode 0644');
    expect((await read()).id).toBe(id);
  });
});

describe.skipIf(process.geteuid?.() !== 0)('what root hands to a service', () => {
  const handed = (reader: number) => ({ path, passphrasePath: words, reader });
  beforeEach(async () => {
    await writeFile(path, pem, { mode: 0o640 });
    await chmod(words, 0o440);
  });

  test('is read by the service, passphrase and all', async () => {
    expect((await readSigner(open, handed(998))).id).toBe(id);
    expect(await readPassphrase(open, words, 998)).toBe('a passphrase');
  });

  test('is not read where a user gave it, or by root', async () => {
    await expect(readSigner(open, handed(0))).rejects.toThrow(`chmod 600`);
    await chown(path, 998, 998);
    await expect(readSigner(open, handed(997))).rejects.toThrow(`chmod 600 ${path}`);
    await expect(readSigner(open, handed(998))).rejects.toThrow(`chmod 600 ${path}`);
  });
});

describe('a builder’s key for NATS', () => {
  const readNats = () => readNatsSigner(open, { path, passphrasePath: null });

  test('is the seed of a NATS user, its owner’s alone', async () => {
    const user = createUser();
    await writeFile(path, `${Buffer.from(user.getSeed()).toString()}\n`, { mode: 0o600 });
    expect(natsKeyText((await readNats()).publicKey)).toBe(user.getPublicKey());
    await chmod(path, 0o644);
    await expect(readNats()).rejects.toThrow(`chmod 600 ${path}`);
  });

  test('is a key as any other, too', async () => {
    await writeFile(path, pem, { mode: 0o600 });
    expect((await readNats()).id).toBe(id);
    await chmod(path, 0o644);
    await expect(readNats()).rejects.toThrow(`chmod 600 ${path}`);
  });
});

test('a passphrase is read from a file of its owner alone', async () => {
  expect(await readPassphrase(open, words)).toBe('a passphrase');
  await chmod(words, 0o640);
  await expect(readPassphrase(open, words)).rejects.toThrow(`chmod 600 ${words}`);
});
