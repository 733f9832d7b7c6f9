import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { signStatement } from './dsse.js';
import { pemOf } from './key.js';
import { resultStatement } from './result-statement.js';
import { ALICE, BOB, BUILT, FAILED } from './sample.fixture.js';
import { signerFromPem } from './signer.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'openssl-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

interface Files {
  readonly pem: string;
  readonly pae: Uint8Array;
  readonly sig: Uint8Array;
}

/** What somebody does who has `openssl` and `base64`, and nothing of ours. */
async function verifyByOpenssl({ pem, pae, sig }: Files) {
  await writeFile(join(folder, 'b1.pub.pem'), pem);
  await writeFile(join(folder, 'pae.bin'), pae);
  await writeFile(join(folder, 'sig.bin'), sig);
  const files = ['-inkey', 'b1.pub.pem', '-in', 'pae.bin', '-sigfile', 'sig.bin'];
  return execa('openssl', ['pkeyutl', '-verify', '-rawin', '-pubin', ...files], {
    cwd: folder,
    reject: false,
  });
}

/** The signed bytes, put together from an envelope's JSON alone. */
function filesOf(json: string, pem: string): Files {
  const { payload, payloadType, signatures } = JSON.parse(json) as {
    payload: string;
    payloadType: string;
    signatures: { sig: string }[];
  };
  const body = Buffer.from(payload, 'base64');
  const head = `DSSEv1 ${Buffer.byteLength(payloadType)} ${payloadType} ${body.length} `;
  const pae = Buffer.concat([Buffer.from(head), body]);
  return { pem, pae, sig: Buffer.from(signatures[0]?.sig ?? '', 'base64') };
}

describe.each([
  ['a build', BUILT],
  ['a failed build', FAILED],
])('openssl, given the attestation of %s', (_what, result) => {
  const files = filesOf(
    JSON.stringify(signStatement(resultStatement(result), ALICE)),
    pemOf(ALICE.publicKey),
  );

  test('accepts the builder’s signature', async () => {
    const { exitCode, stdout } = await verifyByOpenssl(files);
    expect(stdout).toContain('Signature Verified Successfully');
    expect(exitCode).toBe(0);
  });

  test('refuses a changed payload', async () => {
    const pae = Buffer.from(files.pae);
    pae[pae.length - 2] = (pae[pae.length - 2] ?? 0) ^ 1;
    const { exitCode, stdout } = await verifyByOpenssl({ ...files, pae });
    expect(stdout).toContain('Signature Verification Failure');
    expect(exitCode).toBe(1);
  });

  test('refuses another builder’s key', async () => {
    expect((await verifyByOpenssl({ ...files, pem: pemOf(BOB.publicKey) })).exitCode).toBe(1);
  });
});

test('a key that openssl made is read, and its signatures are openssl’s own bytes', async () => {
  const at = (name: string): string => join(folder, name);
  await execa('openssl', ['genpkey', '-algorithm', 'ed25519', '-out', at('key.pem')]);
  await execa('openssl', ['pkey', '-in', at('key.pem'), '-pubout', '-out', at('key.pub.pem')]);
  const signer = signerFromPem(await readFile(at('key.pem'), 'utf8'));
  expect(pemOf(signer.publicKey)).toBe(await readFile(at('key.pub.pem'), 'utf8'));
  await writeFile(at('message'), 'a message');
  const files = ['-inkey', at('key.pem'), '-in', at('message'), '-out', at('message.sig')];
  await execa('openssl', ['pkeyutl', '-sign', '-rawin', ...files]);
  const signature = Buffer.from(signer.sign(Buffer.from('a message')));
  expect(signature.equals(await readFile(at('message.sig')))).toBe(true);
});
