import { bundleFromJSON } from '@sigstore/bundle';
import { TrustedRoot } from '@sigstore/protobuf-specs';
import { toSignedEntity, toTrustMaterial, Verifier } from '@sigstore/verify';
import * as older from 'sigstore-verify-3';
import { describe, expect, test } from 'vitest';
import {
  buildInclusionProof,
  ed25519Signer,
  formatCheckpoint,
  hashLeaf,
  logEntry,
  noteKeyId,
  rootOf,
  signNote,
} from '#libs/tlog';
import { commitStatement } from './commit.js';
import { commitmentOf, signatureOf, signStatement, type Envelope } from './dsse.js';
import { spkiOf } from './key.js';
import { resultStatement } from './result-statement.js';
import { ALICE, BOB, BUILT, COMMIT, COORDINATOR } from './sample.fixture.js';
import { sigstoreBundle, sigstoreTrustedRoot, type SigstoreLogEntry } from './sigstore-bundle.js';

const origin = 'log.example/spec';
const logKeyId = noteKeyId(origin, COORDINATOR.publicKey);
const result = signStatement(resultStatement(BUILT), ALICE);
const commit = signStatement(commitStatement(COMMIT), ALICE);
const entryOf = (envelope: Envelope): Uint8Array =>
  logEntry({
    paeSha256: commitmentOf(envelope),
    signature: signatureOf(envelope),
    publicKey: ALICE.publicKey,
  });

/** A log of two leaves, of which the second is the result's. */
function logged(): SigstoreLogEntry {
  const leaves = [entryOf(commit), entryOf(result)].map(hashLeaf);
  const root = rootOf(leaves);
  const proof = buildInclusionProof(1n, 2n, ({ index }) => leaves[Number(index)]);
  const text = formatCheckpoint({ origin, size: 2n, root });
  const signer = ed25519Signer(origin, COORDINATOR.publicKey, (bytes) => COORDINATOR.sign(bytes));
  const checkpoint = signNote(text, [signer]);
  return { index: 1n, treeSize: 2n, root, proof, checkpoint, logKeyId, entry: entryOf(result) };
}

const root = TrustedRoot.fromJSON(
  sigstoreTrustedRoot({
    ...{ origin, publicKey: COORDINATOR.publicKey, logKeyId },
    validFrom: '2026-01-01T00:00:00.000Z',
  }),
);

interface Verifying {
  readonly toSignedEntity: typeof toSignedEntity;
  readonly toTrustMaterial: typeof toTrustMaterial;
  readonly Verifier: typeof Verifier;
}

/** What `@sigstore/verify` answers: null when it verifies, else the code that it refuses with. */
function refusal(verify: Verifying, json: object, tlogThreshold: number, by = ALICE): unknown {
  const keys = {
    [ALICE.keyId]: { rawBytes: Buffer.from(spkiOf(by.publicKey)), keyDetails: 7 as const },
  };
  const options = { tlogThreshold, ctlogThreshold: 0, timestampThreshold: 0 };
  const verifier = new verify.Verifier(verify.toTrustMaterial(root, keys), options);
  try {
    verifier.verify(verify.toSignedEntity(bundleFromJSON(json)));
    return null;
  } catch (error) {
    return error instanceof Error && 'code' in error ? error.code : error;
  }
}

const newest = { toSignedEntity, toTrustMaterial, Verifier };
const bundle = sigstoreBundle(result, ALICE.publicKey, logged());
const plain = sigstoreBundle(result, ALICE.publicKey, null);

describe('@sigstore/verify 4', () => {
  test('accepts an attestation with its entry in our log', () => {
    expect(refusal(newest, bundle, 1)).toBeNull();
  });

  test('refuses another builder’s key', () => {
    expect(refusal(newest, bundle, 1, BOB)).toBe('SIGNATURE_ERROR');
  });

  test('asks for an entry, where one is asked of it', () => {
    expect(refusal(newest, plain, 1)).not.toBeNull();
    expect(refusal(newest, plain, 0)).toBeNull();
  });

  test.each<[string, Partial<SigstoreLogEntry>]>([
    ['another path', { proof: [new Uint8Array(32)] }],
    ['another place', { index: 0n }],
    ['a checkpoint that nobody signed', { checkpoint: logged().checkpoint.split('\n\n')[0]! }],
    ['the entry of another envelope', { entry: entryOf(commit) }],
  ])('refuses %s', (_what, over) => {
    const meddled = sigstoreBundle(result, ALICE.publicKey, { ...logged(), ...over });
    expect(refusal(newest, meddled, 1)).not.toBeNull();
  });
});

describe('@sigstore/verify 3', () => {
  const old = older as unknown as Verifying;

  test('accepts the signature where no log is asked for', () => {
    expect(refusal(old, plain, 0)).toBeNull();
    expect(refusal(old, plain, 0, BOB)).toBe('SIGNATURE_ERROR');
  });

  test('refuses our log’s entry, which it reads as of a digest of the payload', () => {
    expect(refusal(old, bundle, 1)).toBe('TLOG_BODY_ERROR');
  });
});
