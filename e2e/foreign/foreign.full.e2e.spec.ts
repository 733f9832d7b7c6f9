import { createPublicKey, verify } from 'node:crypto';
import { cp, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundleFromJSON } from '@sigstore/bundle';
import { dsse } from '@sigstore/core';
import { TrustedRoot } from '@sigstore/protobuf-specs';
import { toSignedEntity, toTrustMaterial, Verifier } from '@sigstore/verify';
import { execa } from 'execa';
import * as older from 'sigstore-verify-3';
import { describe, expect, onTestFinished, test } from 'vitest';
import {
  commitmentOf,
  JointEnvelope,
  legacyKeyId,
  legacyLayout,
  legacyLinkFile,
  LegacyLink,
  metablockText,
  parseStatement,
  pemOf,
  readReveal,
  signatureOf,
  signMetablock,
  spkiOf,
  unverifiedPayload,
  verifyJoint,
} from '#libs/attestation';
import { fromBase64, toBase64, toHex } from '#libs/encoding';
import { logEntry, parseProofFile } from '#libs/tlog';
import { askGo, type GoRecord, type GoTree } from './ask-go.js';
import { GO_MOD, IN_TOTO, SIGNIFY, testWith } from './debian.js';
import { useExportedRound } from './exported.js';

const exported = useExportedRound();

/** Copies a file with one bit of it turned. */
async function altered(path: string): Promise<string> {
  const bytes = await readFile(join(exported().dir, path));
  bytes[bytes.length - 3] = (bytes[bytes.length - 3] ?? 0) ^ 1;
  await writeFile(join(exported().dir, '..', 'altered'), bytes);
  return '../altered';
}

describe('each result’s signature is verified', () => {
  const openssl = (name: string, pae: string) => {
    const key = ['-inkey', `openssl/${name}.pem`, '-sigfile', `openssl/${name}.sig`];
    const args = ['pkeyutl', '-verify', '-rawin', '-pubin', ...key, '-in', pae];
    return execa('openssl', args, { cwd: exported().dir, reject: false });
  };
  const signify = (name: string, message: string) => {
    const args = ['-V', '-p', `signify/${name}.pub`, '-x', `signify/${name}.sig`, '-m', message];
    return execa('signify-openbsd', args, { cwd: exported().dir, reject: false });
  };

  test('by openssl, and an altered statement is refused', async () => {
    expect(exported().results).toHaveLength(5);
    for (const name of exported().results) {
      const pae = `openssl/${name}.pae`;
      expect(await openssl(name, pae)).toMatchObject({ exitCode: 0 });
      expect(await openssl(name, await altered(pae))).toMatchObject({ exitCode: 1 });
    }
  });

  testWith(SIGNIFY, 'by signify, and an altered statement is refused', async () => {
    for (const name of exported().results) {
      const pae = `openssl/${name}.pae`;
      const { exitCode, stdout } = await signify(name, pae);
      expect([exitCode, stdout]).toEqual([0, 'Signature Verified']);
      expect(await signify(name, await altered(pae))).toMatchObject({ exitCode: 1 });
    }
  });
});

describe('in-toto-verify', () => {
  /** A copy of the exported links, of which only these builders' stay; more may be put beside. */
  async function folder(keep: readonly number[]): Promise<string> {
    const dir = await mkdtemp(join(tmpdir(), 'repro-quorum-links-'));
    onTestFinished(() => rm(dir, { recursive: true, force: true }));
    await cp(join(exported().dir, 'in-toto'), dir, { recursive: true });
    for (const [at, { publicKey }] of exported().builders.entries()) {
      if (!keep.includes(at)) await rm(join(dir, legacyLinkFile(publicKey)));
    }
    return dir;
  }
  const verifyLinks = (dir: string) => {
    const args = ['--layout', 'root.layout', '--layout-keys', 'auditor.pub'];
    return execa('in-toto-verify', [...args, '--key-types', 'ed25519'], {
      cwd: dir,
      reject: false,
    });
  };
  /** Replaces the layout by one that asks for two of the first three builders. */
  async function twoOfThree(dir: string): Promise<void> {
    const { builders, auditor } = exported();
    const publicKeys = builders.slice(0, 3).map(({ publicKey }) => publicKey);
    const expires = new Date(Date.now() + 3_600_000);
    const layout = legacyLayout({ publicKeys, threshold: 2, products: [], expires }, auditor);
    await writeFile(join(dir, 'root.layout'), metablockText(layout));
  }

  testWith(
    IN_TOTO,
    'accepts the exported layout with three or five links, and no fewer',
    async () => {
      expect(await verifyLinks(await folder([0, 1, 2, 3, 4]))).toMatchObject({ exitCode: 0 });
      expect(await verifyLinks(await folder([0, 2, 4]))).toMatchObject({ exitCode: 0 });
      const two = await verifyLinks(await folder([0, 2]));
      expect(two).toMatchObject({ exitCode: 1 });
      expect(two.stderr).toContain("requires '3' link metadata file(s), found '2'");
    },
  );

  testWith(IN_TOTO, 'accepts two of three builders, and refuses one of three', async () => {
    for (const [keep, exitCode] of [
      [[0, 1], 0],
      [[0, 1, 2], 0],
      [[0], 1],
    ] as const) {
      const dir = await folder(keep);
      await twoOfThree(dir);
      expect(await verifyLinks(dir), String(keep)).toMatchObject({ exitCode });
    }
  });

  testWith(IN_TOTO, 'refuses all links where a dissenting one lies among them', async () => {
    const dir = await folder([0, 1, 2]);
    await twoOfThree(dir);
    const signer = exported().builders[2]!;
    const path = join(dir, legacyLinkFile(signer.publicKey));
    const link = LegacyLink.parse(JSON.parse(await readFile(path, 'utf8')));
    const [name = ''] = Object.keys(link.signed.products);
    const products = { ...link.signed.products, [name]: { sha256: 'ab'.repeat(32) } };
    const dissent = signMetablock({ ...link.signed, products }, signer);
    await writeFile(path, metablockText(dissent));
    const { exitCode, stderr } = await verifyLinks(dir);
    expect(exitCode).toBe(1);
    expect(stderr).toContain('have different artifacts');
  });

  testWith(IN_TOTO, 'refuses a layout that another than the auditor signed', async () => {
    const dir = await folder([0, 1, 2, 3, 4]);
    const key = await readFile(join(dir, 'auditor.pub'), 'utf8');
    const other = toHex(exported().builders[0]!.publicKey);
    await writeFile(
      join(dir, 'auditor.pub'),
      key.replace(/"public": "[0-9a-f]+"/, `"public": "${other}"`),
    );
    expect(await verifyLinks(dir)).toMatchObject({ exitCode: 1 });
  });
});

describe('Go’s x/mod', () => {
  testWith(
    GO_MOD,
    'finds every entry in its checkpoint’s tree, and the tree in the next one',
    async () => {
      const { envelope, read, dir, lines } = exported();
      const vkey = (await read('log.vkey')).trim();
      const signers = new Map<number, Uint8Array>();
      for (const line of await lines()) {
        if (line.type === 'envelope') signers.set(line.index, fromBase64(line.publicKey));
      }
      const names = (await readdir(join(dir, 'attestations'))).filter((name) =>
        name.endsWith('.tlog-proof'),
      );
      const records: GoRecord[] = [];
      for (const file of names) {
        const { index, proof, checkpoint } = parseProofFile(await read(`attestations/${file}`));
        const signed = await envelope(file.slice(0, -'.tlog-proof'.length));
        const leaf = logEntry({
          paeSha256: commitmentOf(signed),
          signature: signatureOf(signed),
          publicKey: signers.get(Number(index))!,
        });
        const head = { note: checkpoint, index: Number(index), leaf: toBase64(leaf) };
        records.push({ ...head, proof: proof.map(toBase64) });
      }
      const trees = await grownTrees();
      expect([records.length > 15, trees.length > 0]).toEqual([true, true]);
      const answers = await askGo(vkey, records, trees);
      expect(new Set(answers)).toEqual(new Set(['ok']));
      const [record, tree] = [records[3]!, trees[0]!];
      const wrong = await askGo(
        vkey,
        [
          { ...record, index: record.index + 1 },
          { ...record, leaf: records[4]!.leaf },
          { ...record, proof: record.proof.toReversed() },
          { ...record, note: record.note.replace(/\n\d+\n/, '\n999\n') },
        ],
        [{ ...tree, proof: [...tree.proof, tree.proof[0]!] }],
      );
      expect(wrong).toHaveLength(5);
      expect(wrong).not.toContain('ok');
    },
  );

  /** The checkpoints that builders had seen when they revealed, and that the log grew from them. */
  async function grownTrees(): Promise<readonly GoTree[]> {
    const lines = await exported().lines();
    const newest = lines.find((line) => line.type === 'checkpoint')?.note ?? '';
    const paths = new Map(
      lines.flatMap((line) => (line.type === 'consistency' ? [[line.size, line.hashes]] : [])),
    );
    return lines.flatMap((line) => {
      if (line.type !== 'envelope' || line.kind !== 'reveal') return [];
      const { checkpoint } = readReveal(parseStatement(unverifiedPayload(line.envelope)));
      const proof = paths.get(Number(checkpoint.split('\n')[1]));
      return proof === undefined ? [] : [{ old: checkpoint, new: newest, proof }];
    });
  }
});

describe('@sigstore/verify', () => {
  interface Sigstore {
    readonly toSignedEntity: typeof toSignedEntity;
    readonly toTrustMaterial: typeof toTrustMaterial;
    readonly Verifier: typeof Verifier;
  }
  /** Null where a bundle verifies by this key, else the code that it is refused with. */
  async function refusal(
    sigstore: Sigstore,
    name: string,
    { tlogThreshold, pem }: { tlogThreshold: 0 | 1; pem: string },
  ): Promise<unknown> {
    const json = JSON.parse(await exported().read(`sigstore/${name}.sigstore.json`)) as {
      verificationMaterial: { publicKey: { hint: string }; tlogEntries: unknown[] };
    };
    const material = json.verificationMaterial;
    if (tlogThreshold === 0) material.tlogEntries = [];
    const root = TrustedRoot.fromJSON(
      JSON.parse(await exported().read('sigstore/trusted_root.json')),
    );
    const rawBytes = createPublicKey(pem).export({ type: 'spki', format: 'der' });
    const keys = { [material.publicKey.hint]: { rawBytes, keyDetails: 7 } };
    const options = { tlogThreshold, ctlogThreshold: 0, timestampThreshold: 0 };
    const verifier = new sigstore.Verifier(sigstore.toTrustMaterial(root, keys), options);
    try {
      verifier.verify(sigstore.toSignedEntity(bundleFromJSON(json)));
      return null;
    } catch (error) {
      return error instanceof Error && 'code' in error ? error.code : error;
    }
  }
  const newest = { toSignedEntity, toTrustMaterial, Verifier };
  const old = older as unknown as Sigstore;
  const own = (name: string): Promise<string> => exported().read(`openssl/${name}.pem`);

  test('4 verifies each result with its entry in our log, and by no other key', async () => {
    const stranger = pemOf(exported().auditor.publicKey);
    for (const name of exported().results) {
      expect(await refusal(newest, name, { tlogThreshold: 1, pem: await own(name) })).toBeNull();
      expect(await refusal(newest, name, { tlogThreshold: 1, pem: stranger })).toBe(
        'SIGNATURE_ERROR',
      );
    }
  });

  test('3 verifies the signature without the log, and refuses our entries for what they digest', async () => {
    for (const name of exported().results) {
      const pem = await own(name);
      expect(await refusal(old, name, { tlogThreshold: 0, pem })).toBeNull();
      expect(await refusal(old, name, { tlogThreshold: 1, pem })).toBe('TLOG_BODY_ERROR');
    }
  });
});

describe('the joint statement of five builders', () => {
  const read = async () =>
    JointEnvelope.parse(JSON.parse(await exported().read('joint.dsse.json')));

  /** DSSE's rule for (t, n) envelopes in a few lines of nothing but node: keys are counted. */
  function signersOf(
    { payload, payloadType, signatures }: JointEnvelope,
    pae: Buffer | null,
  ): number {
    const body = Buffer.from(payload, 'base64');
    const head = `DSSEv1 ${Buffer.byteLength(payloadType)} ${payloadType} ${body.length} `;
    const message = pae ?? Buffer.concat([Buffer.from(head), body]);
    return exported().builders.filter(({ publicKey }) => {
      const key = createPublicKey({
        key: Buffer.from(spkiOf(publicKey)),
        format: 'der',
        type: 'spki',
      });
      return signatures.some(({ sig }) => verify(null, message, key, Buffer.from(sig, 'base64')));
    }).length;
  }

  test.each([
    [3, true],
    [5, true],
    [6, false],
  ])('with a threshold of %i: %s', async (threshold, passes) => {
    const joint = await read();
    const payload = Buffer.from(joint.payload, 'base64');
    expect(signersOf(joint, null) >= threshold).toBe(passes);
    expect(signersOf(joint, dsse.preAuthEncoding(joint.payloadType, payload)) >= threshold).toBe(
      passes,
    );
    const { builders, auditor } = exported();
    const keys = [...builders, auditor].map(({ publicKey }) => publicKey);
    const verifying = () => verifyJoint(joint, keys, threshold).signers.length;
    if (passes) expect(verifying()).toBe(5);
    else expect(verifying).toThrow('5 of the given 6 keys');
  });

  test('is of the verdict that the coordinator logged, and nobody signed it changed', async () => {
    const joint = await read();
    const [file = ''] = (await readdir(join(exported().dir, 'attestations'))).filter((name) =>
      name.endsWith('-verdict.dsse.json'),
    );
    const verdict = await exported().envelope(file.slice(0, -'.dsse.json'.length));
    expect(joint.payload).toBe(verdict.payload);
    const changed = Buffer.from(joint.payload, 'base64').toString().replace('PASSED', 'FAILED');
    expect(signersOf({ ...joint, payload: toBase64(Buffer.from(changed)) }, null)).toBe(0);
  });
});

test('the folder’s README names a file of its own in every command', async () => {
  const { read, dir } = exported();
  const readme = await read('README.txt');
  const named =
    readme.match(/(?:openssl|signify|sigstore)\/[\w.-]+\.(?:pem|pae|sig|pub|json)/g) ?? [];
  expect(named.length).toBeGreaterThan(6);
  for (const path of named) await expect(readFile(join(dir, path))).resolves.toBeDefined();
  const keys = exported().builders.map(({ publicKey }) => legacyKeyId(publicKey).slice(0, 8));
  const links = (await readdir(join(dir, 'in-toto'))).filter((name) => name.endsWith('.link'));
  expect(links.toSorted()).toEqual(keys.map((key) => `rebuild.${key}.link`).toSorted());
});
