import { describe, expect, test } from 'vitest';
import {
  builderIdOf,
  commitmentOf,
  createSigner,
  envelopeDigest,
  signatureOf,
  signStatement,
} from '#libs/attestation';
import type { LoggedAttestation } from '#libs/contracts';
import {
  ed25519Signer,
  formatCheckpoint,
  formatProofFile,
  hashLeaf,
  logEntry,
  noteKeyId,
  rootOf,
  signNote,
} from '#libs/tlog';
import { entrySteps, type EntryClaim } from './entry-steps.js';

const signerOf = (seed: number) => createSigner(new Uint8Array(32).fill(seed));
const [builder, coordinator, stranger] = [signerOf(1), signerOf(2), signerOf(3)];
const name = 'log.example/quorum';
const log = {
  ...{ name, publicKey: coordinator.publicKey },
  keyId: noteKeyId(name, coordinator.publicKey),
};

/** An envelope as the second leaf of two. */
function loggedBy(signer = builder, over: Partial<LoggedAttestation> = {}): LoggedAttestation {
  const envelope = signStatement({ says: 'built' }, signer);
  const signature = signatureOf(envelope);
  const { publicKey } = signer;
  const leaf = hashLeaf(logEntry({ paeSha256: commitmentOf(envelope), signature, publicKey }));
  const before = hashLeaf(Buffer.from('before'));
  const text = formatCheckpoint({ origin: name, size: 2n, root: rootOf([before, leaf]) });
  const sign = (bytes: Uint8Array) => coordinator.sign(bytes);
  const checkpoint = signNote(text, [ed25519Signer(name, coordinator.publicKey, sign)]);
  const proof = formatProofFile({ index: 1n, proof: [before], checkpoint });
  const id = builderIdOf(signer.publicKey);
  return { envelope, index: 1, kind: 'result', builder: id, proof, ...over };
}

function statesOf(logged: LoggedAttestation, over: Partial<EntryClaim> = {}): readonly string[] {
  const sha256 = envelopeDigest(logged.envelope);
  const claim = { sha256, log, given: null, found: [builder.publicKey], ...over };
  return entrySteps(logged, claim).map(({ state }) => state);
}

const saidOf = (logged: LoggedAttestation, over: Partial<EntryClaim> = {}): string => {
  const sha256 = envelopeDigest(logged.envelope);
  const claim = { sha256, log, given: null, found: [builder.publicKey], ...over };
  return entrySteps(logged, claim)[1]?.said ?? '';
};

describe('one entry of the log', () => {
  test('is the one asked for, signed by the key that the builder’s id is made of, and in the log', () => {
    expect(statesOf(loggedBy())).toEqual(['holds', 'holds', 'holds']);
    expect(saidOf(loggedBy())).toContain('is made of');
  });

  test('is signed by a key that is the builder’s on the coordinator’s word, where its id is another', () => {
    const other = loggedBy(builder, { builder: builderIdOf(stranger.publicKey) });
    expect(statesOf(other)).toEqual(['holds', 'holds', 'holds']);
    expect(saidOf(other)).toContain('on the coordinator’s word');
  });

  test('is signed by the log’s key where no builder is named', () => {
    const verdict = loggedBy(coordinator, { builder: null, kind: 'verdict' });
    expect(statesOf(verdict, { found: [] })).toEqual(['holds', 'holds', 'holds']);
  });

  test('of a builder is not taken from the log’s key, nor from a key that was not given', () => {
    const forged = loggedBy(coordinator, { builder: builderIdOf(builder.publicKey) });
    expect(statesOf(forged)).toEqual(['holds', 'fails', 'unreached']);
    const given = stranger.publicKey;
    expect(statesOf(loggedBy(), { given })).toEqual(['holds', 'fails', 'unreached']);
    expect(statesOf(loggedBy(), { given: builder.publicKey })[1]).toBe('holds');
  });

  test('by somebody whose key nobody tells is neither good nor bad', () => {
    expect(statesOf(loggedBy(stranger), { found: [] })).toEqual([
      'holds',
      'unreached',
      'unreached',
    ]);
    const operator = loggedBy(stranger, { builder: null });
    expect(statesOf(operator)).toEqual(['holds', 'unreached', 'unreached']);
  });

  test.each([
    ['another address', {}, { sha256: 'ab'.repeat(32) }, ['fails', 'holds', 'holds']],
    ['another index', { index: 0 }, {}, ['holds', 'holds', 'fails']],
    ['no receipt yet', { proof: null }, {}, ['holds', 'holds', 'unreached']],
    ['a receipt that is none', { proof: 'x' }, {}, ['holds', 'holds', 'fails']],
    [
      'another log',
      {},
      { log: { ...log, publicKey: stranger.publicKey } },
      ['holds', 'holds', 'fails'],
    ],
  ] as const)('with %s is found out', (_what, over, claim, states) => {
    expect(statesOf(loggedBy(builder, over), claim)).toEqual(states);
  });

  test('that was changed is found out', () => {
    const logged = loggedBy();
    const payload = Buffer.from('{"says":"failed"}').toString('base64');
    const changed = { ...logged, envelope: { ...logged.envelope, payload } };
    expect(statesOf(changed)).toEqual(['holds', 'fails', 'unreached']);
    expect(statesOf(changed, { sha256: envelopeDigest(logged.envelope) })[0]).toBe('fails');
  });
});
