import { describe, expect, test } from 'vitest';
import {
  AttestationError,
  envelopeDigest,
  invitedKey,
  legacyLink,
  openEnvelope,
  signStatement,
  type AttestationErrorCode,
  type Envelope,
} from '#libs/attestation';
import {
  makeFailure,
  makeRelease,
  makeResult,
  makeRoster,
  makeRound,
  makeSigner,
  signCommit,
  signResult,
} from '#libs/testing';
import { readClaimed, verifyIncoming, type Incoming, type Shown } from './incoming.js';

const [acme, bits, stranger] = [makeSigner(1), makeSigner(2), makeSigner(3)];
const { round, open } = makeRound(makeRoster({ acme: [acme], bits: [bits] }));
const { release } = open;
const result = signResult(makeResult({ round, release, builder: acme.id }), acme);
const commit = signCommit(round, result, acme);

async function take(
  kind: Incoming['kind'],
  envelope: Envelope,
  shown: Shown = {},
): Promise<Incoming> {
  const claimed = readClaimed(kind, envelope);
  return verifyIncoming(claimed, { open, key: invitedKey(open, claimed.builder) }, shown);
}

async function refused(act: () => unknown): Promise<AttestationErrorCode | 'nothing'> {
  try {
    await act();
    return 'nothing';
  } catch (error) {
    if (!(error instanceof AttestationError)) throw error;
    return error.code;
  }
}

describe('what an envelope says of itself', () => {
  test('names its round and builder, unverified', () => {
    const forged: Envelope = { ...commit, signatures: [{ sig: 'AAAA' }] };
    const failure = signResult(makeFailure({ round, release, builder: acme.id }), bits);
    const address = { round, builder: acme.id };
    expect(readClaimed('commit', commit)).toMatchObject(address);
    expect(readClaimed('commit', forged)).toMatchObject(address);
    expect(readClaimed('result', result)).toMatchObject(address);
    expect(readClaimed('result', failure)).toMatchObject(address);
  });

  test('is nothing for a result made outside of a round', async () => {
    const loose = signResult(makeResult({ round: null, release, builder: acme.id }), acme);
    expect(await refused(() => readClaimed('result', loose))).toBe('WRONG_ROUND');
  });

  test.each<[string, 'commit' | 'result', Envelope, AttestationErrorCode]>([
    ['a commit sent as a result', 'result', commit, 'WRONG_KIND'],
    ['a result sent as a commit', 'commit', result, 'WRONG_KIND'],
    ['no base64', 'commit', { ...commit, payload: '*' }, 'MALFORMED_ENVELOPE'],
    ['no JSON', 'commit', { ...commit, payload: 'AAAA' }, 'MALFORMED_STATEMENT'],
    ['no statement', 'result', signStatement({ hello: 1 }, acme), 'MALFORMED_STATEMENT'],
  ])('is nothing for %s', async (_, kind, envelope, code) => {
    expect(await refused(() => readClaimed(kind, envelope))).toBe(code);
  });
});

describe('an incoming envelope', () => {
  test('is taken with what it says, and the key that the round lists for its builder', async () => {
    expect(await take('commit', commit)).toMatchObject({
      kind: 'commit',
      commit: { round, builder: acme.id },
      publicKey: acme.publicKey,
      envelope: commit,
    });
    expect(await take('result', result)).toMatchObject({
      kind: 'result',
      result: { kind: 'built', round, builder: acme.id },
      envelope: result,
    });
  });

  test.each<[string, 'commit' | 'result', Envelope, AttestationErrorCode]>([
    [
      'of a builder that was not invited',
      'commit',
      signCommit(round, result, stranger),
      'WRONG_BUILDER',
    ],
    [
      'that names another builder than the one that signed it',
      'commit',
      signCommit(round, result, bits, { builder: acme.id }),
      'BAD_SIGNATURE',
    ],
    [
      'whose signature is another envelope’s',
      'commit',
      { ...commit, signatures: result.signatures },
      'BAD_SIGNATURE',
    ],
    [
      'whose signature is cut',
      'commit',
      { ...commit, signatures: [{ sig: commit.signatures[0]!.sig.slice(0, 84) }] },
      'BAD_SIGNATURE',
    ],
    [
      'whose key id names the right key, but which another signed',
      'result',
      {
        ...signResult(makeResult({ round, release, builder: acme.id }), bits),
        signatures: [
          {
            keyid: acme.keyId,
            sig: signResult(makeResult({ round, release, builder: acme.id }), bits).signatures[0]!
              .sig,
          },
        ],
      },
      'BAD_SIGNATURE',
    ],
    [
      'of another release',
      'result',
      signResult(
        makeResult({ round, release: makeRelease('cd'.repeat(20)), builder: acme.id }),
        acme,
      ),
      'WRONG_RELEASE',
    ],
    [
      'of another payload type',
      'commit',
      { ...commit, payloadType: 'application/json' },
      'MALFORMED_ENVELOPE',
    ],
  ])('%s is refused', async (_, kind, envelope, code) => {
    expect(await refused(() => take(kind, envelope))).toBe(code);
  });
});

describe('a link that comes with a result', () => {
  const built = makeResult({ round, release, builder: acme.id });
  const envelope = signResult(built, acme);
  const link = { ...legacyLink(built, acme) };

  test('is taken where it says the same', async () => {
    const incoming = await take('result', envelope, { link });
    expect(incoming).toMatchObject({ kind: 'result', link, reveal: null });
  });

  test('is refused with its result where another signed it, or of other outputs', async () => {
    const other = makeResult({ round, release, builder: acme.id }, 'other');
    const [forged, different] = [legacyLink(other, bits), legacyLink(other, acme)];
    const taking = (one: object) => () => take('result', envelope, { link: { ...one } });
    expect(await refused(taking(forged))).toBe('BAD_SIGNATURE');
    expect(await refused(taking(different))).toBe('WRONG_SUBJECT');
    expect(await refused(taking({}))).toBe('MALFORMED_STATEMENT');
  });
});

describe('the spellings of one signed statement', () => {
  const [signature] = commit.signatures;
  const unpadded = (text: string): string => text.replaceAll('=', '');
  const urlSafe = (text: string): string => text.replaceAll('+', '-').replaceAll('/', '_');

  test.each<[string, Envelope]>([
    ['without padding', { ...commit, payload: unpadded(commit.payload) }],
    ['in url-safe letters', { ...commit, payload: urlSafe(commit.payload) }],
    ['with its signature respelt', { ...commit, signatures: [{ sig: urlSafe(signature!.sig) }] }],
    ['without a key id', { ...commit, signatures: [{ sig: signature!.sig }] }],
    ['with another key id', { ...commit, signatures: [{ keyid: 'x', sig: signature!.sig }] }],
  ])('%s become the one that its signer made', async (_, spelt) => {
    const { envelope } = await take('commit', spelt);
    expect(envelope).toEqual(commit);
    expect(envelopeDigest(envelope)).toBe(envelopeDigest(commit));
    expect(openEnvelope(envelope, acme.publicKey)).toEqual(openEnvelope(commit, acme.publicKey));
  });
});
