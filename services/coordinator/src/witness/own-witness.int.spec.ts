import { generateKeyPairSync } from 'node:crypto';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createSigner, lockKey, signerFromPem } from '#libs/attestation';
import { ConfigError } from '#libs/platform';
import { formatVkey } from '#libs/tlog';
import { readOwnWitness } from './own-witness.js';
import { readWitnessSet } from './witness-set.js';

const LOG_ORIGIN = 'log.example/ic';
const coordinator = createSigner(new Uint8Array(32).fill(1));
const vkeyOf = (name: string, seed: number): string =>
  formatVkey(name, createSigner(new Uint8Array(32).fill(seed)).publicKey);

let directory: string;
let keyFile: string;
let pem: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'repro-quorum-witness-'));
  keyFile = join(directory, 'key.pem');
  const { privateKey } = generateKeyPairSync('ed25519');
  pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  await writeFile(keyFile, pem, { mode: 0o600 });
});
afterAll(() => rm(directory, { recursive: true, force: true }));

const NOTHING_SET = {
  WITNESS_KEY_FILE: undefined,
  WITNESSED_LOGS: undefined,
  KEY_PASSPHRASE_FILE: undefined,
};
const read = (over: object): Promise<unknown> =>
  readOwnWitness({ LOG_ORIGIN, ...NOTHING_SET, ...over }, coordinator);

test('a coordinator is the witness of the logs that it is told to be, and else of none', async () => {
  expect(await read({})).toBeNull();
  const logs = `${vkeyOf('a.example', 2)}  ${vkeyOf('a.example', 3)}\n${vkeyOf('b.example', 4)}`;
  const own = await read({ WITNESS_KEY_FILE: keyFile, WITNESSED_LOGS: logs });
  expect(own).toMatchObject({ name: 'log.example/ic/witness' });
  const known = (own as { logs: Map<string, unknown[]> }).logs;
  expect([...known].map(([name, keys]) => [name, keys.length])).toEqual([
    ['a.example', 2],
    ['b.example', 1],
  ]);
});

test.each<[string, () => object, RegExp]>([
  ['a key without logs', () => ({ WITNESS_KEY_FILE: keyFile }), /set both or none/],
  ['logs without a key', () => ({ WITNESSED_LOGS: vkeyOf('a.example', 2) }), /set both or none/],
  [
    'a log’s key that is none',
    () => ({ WITNESS_KEY_FILE: keyFile, WITNESSED_LOGS: 'a.example' }),
    /not a verifier key/,
  ],
  [
    'its own log',
    () => ({ WITNESS_KEY_FILE: keyFile, WITNESSED_LOGS: vkeyOf(LOG_ORIGIN, 2) }),
    /their own log/,
  ],
  [
    'a file that is not there',
    () => ({ WITNESS_KEY_FILE: join(directory, 'none'), WITNESSED_LOGS: vkeyOf('a.example', 2) }),
    /ENOENT/,
  ],
])('%s is refused at the start', async (_, over, reason) => {
  const refused = read(over());
  await expect(refused).rejects.toThrow(ConfigError);
  await expect(refused).rejects.toThrow(reason);
});

test('a witness’s key that others can read is refused, and a locked one needs its passphrase', async () => {
  const [key, words] = [join(directory, 'witness.pem'), join(directory, 'words')];
  const own = { WITNESS_KEY_FILE: key, WITNESSED_LOGS: vkeyOf('a.example', 2) };
  await writeFile(key, pem, { mode: 0o644 });
  await expect(read(own)).rejects.toThrow(`chmod 600 ${key}`);
  await chmod(key, 0o600);
  const [salt, nonce] = [new Uint8Array(32).fill(1), new Uint8Array(12).fill(2)];
  await writeFile(key, lockKey(pem, { passphrase: 'words', salt, nonce }));
  await expect(read(own)).rejects.toThrow(/KEY_PASSPHRASE_FILE/);
  await writeFile(words, 'words', { mode: 0o600 });
  const { keyId } = signerFromPem(pem);
  expect(await read({ ...own, KEY_PASSPHRASE_FILE: words })).toMatchObject({ signer: { keyId } });
});

test('the coordinator’s own key is no witness’s key', async () => {
  const own = {
    LOG_ORIGIN,
    ...NOTHING_SET,
    WITNESS_KEY_FILE: keyFile,
    WITNESSED_LOGS: vkeyOf('a.example', 2),
  };
  await expect(readOwnWitness(own, signerFromPem(pem))).rejects.toThrow(/one of its own/);
});

test('a witness policy that cannot be read or used is refused with its file’s name', async () => {
  const { publicKey } = coordinator;
  expect(
    await readWitnessSet({ LOG_ORIGIN, WITNESS_POLICY_FILE: undefined }, publicKey),
  ).toBeNull();
  for (const file of [join(directory, 'none'), keyFile]) {
    const refused = readWitnessSet({ LOG_ORIGIN, WITNESS_POLICY_FILE: file }, publicKey);
    await expect(refused).rejects.toThrow(ConfigError);
    await expect(refused).rejects.toThrow(/WITNESS_POLICY_FILE/);
  }
});
