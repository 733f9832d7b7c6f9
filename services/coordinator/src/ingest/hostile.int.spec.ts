import { createHash } from 'node:crypto';
import { ed25519 } from '@noble/curves/ed25519';
import { beforeAll, describe, expect, test } from 'vitest';
import {
  commitmentOf,
  preAuthEncoding,
  signStatement,
  verifySignature,
  type Envelope,
  type Signer,
} from '#libs/attestation';
import { SUBJECTS } from '#libs/contracts';
import { readConfig } from '#libs/platform';
import {
  eventually,
  makeRelease,
  makeResult,
  signCommit,
  signResult,
  useQuorum,
  type HandBuilder,
  type Invitation,
  type SealedResult,
} from '#libs/testing';
import { Config } from '../config.js';
import { startCoordinator } from '../coordinator.js';

const METRIC = 'quorum_envelopes_total';
const quorum = useQuorum({
  start: (environment) => startCoordinator(readConfig(Config, environment)),
  operators: { acme: 1, bits: 1, coop: 1, doom: 1 },
});

/** A round to which everybody but doom is invited. */
interface Play extends Invitation {
  readonly acme: SealedResult;
  readonly bits: SealedResult;
  readonly coop: SealedResult;
}
/** In it acme has committed. */
let open: Play;
/** In it all three have committed, and acme has shown its result. */
let closed: Play;

async function begin(commit: string): Promise<Play> {
  const { api, builders } = quorum();
  const invited = builders.slice(0, 3);
  const round = await api.open({ commit, builders: invited.map(({ id }) => id) });
  const invitation = await invited[0]!.invitation(round);
  const [acme, bits, coop] = invited.map((builder) => builder.seal(invitation));
  return { ...invitation, acme: acme!, bits: bits!, coop: coop! };
}

beforeAll(async () => {
  const [acme, bits, coop] = quorum().builders;
  open = await begin('0a'.repeat(20));
  closed = await begin('0c'.repeat(20));
  await acme!.commit(open.acme.commit);
  await acme!.commit(closed.acme.commit);
  await bits!.commit(closed.bits.commit);
  await coop!.commit(closed.coop.commit);
  await acme!.close(closed.round);
  await acme!.reveal(closed.acme.result);
  await acme!.receipt(closed.acme.result);
});

/** Sends it and waits until the coordinator is through with it. */
async function outcomeOf(send: () => Promise<void>): Promise<Record<string, number>> {
  const { api } = quorum();
  const count = async (): Promise<Record<string, number>> => ({
    logged: await api.metric(METRIC, { outcome: 'logged' }),
    refused: await api.metric(METRIC, { outcome: 'refused' }),
    repeated: await api.metric(METRIC, { outcome: 'repeated' }),
  });
  const before = await count();
  await send();
  const after = await eventually('an outcome', count, (now) =>
    Object.keys(now).some((outcome) => now[outcome] !== before[outcome]),
  );
  return Object.fromEntries(
    Object.keys(after)
      .map((outcome) => [outcome, after[outcome]! - before[outcome]!] as const)
      .filter(([, more]) => more > 0),
  );
}

function envelopeOf(over: Partial<Envelope>): Envelope {
  return { ...open.bits.commit, ...over };
}

/** Rewrites what may differ between two texts of one and the same signed envelope. */
function respelt({ payload, payloadType, signatures }: Envelope, keyid?: string): Envelope {
  const [signature] = signatures;
  const loose = (text: string): string =>
    text.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
  return {
    payload: loose(payload),
    payloadType,
    signatures: [{ sig: loose(signature!.sig), ...(keyid !== undefined && { keyid }) }],
  };
}

/** Signs with the wrong key what the right one should have signed. */
function forged(envelope: Envelope, signer: Signer): Envelope {
  const statement = JSON.parse(Buffer.from(envelope.payload, 'base64').toString()) as object;
  return signStatement(statement, signer);
}

/**
 * Signs once more with the key of {@link makeSigner}, with a nonce that is not the standard's: whoever
 * holds a key can make any number of valid signatures of one message.
 */
function signedAnew({ payload, payloadType }: Envelope, seed: number): Envelope {
  const { scalar, pointBytes } = ed25519.utils.getExtendedPublicKey(new Uint8Array(32).fill(seed));
  const { Fn, BASE } = ed25519.Point;
  const nonce = 123456789n;
  const point = BASE.multiply(nonce).toBytes();
  const message = preAuthEncoding(payloadType, Buffer.from(payload, 'base64'));
  const hash = createHash('sha512').update(point).update(pointBytes).update(message).digest();
  const challenge = BigInt(`0x${Buffer.from(hash.toReversed()).toString('hex')}`);
  const s = Fn.create(nonce + Fn.mul(Fn.create(challenge), Fn.create(scalar)));
  const sig = Buffer.concat([
    point,
    Buffer.from(s.toString(16).padStart(64, '0'), 'hex').reverse(),
  ]);
  expect(verifySignature(pointBytes, message, sig)).toBe(true);
  return { payload, payloadType, signatures: [{ sig: sig.toString('base64') }] };
}

interface Cast {
  readonly acme: HandBuilder;
  readonly bits: HandBuilder;
  readonly coop: HandBuilder;
  readonly doom: HandBuilder;
}
type Attack = (cast: Cast) => Promise<void>;

const attacks: readonly (readonly [string, Attack])[] = [
  [
    'a commit with a forged signature',
    ({ bits }) => {
      const [signature] = open.bits.commit.signatures;
      const bytes = Buffer.from(signature!.sig, 'base64');
      bytes[10]! ^= 1;
      return bits.commit(envelopeOf({ signatures: [{ sig: bytes.toString('base64') }] }));
    },
  ],
  [
    'a commit whose text was changed after it was signed',
    ({ bits }) => bits.commit(envelopeOf({ payload: open.coop.commit.payload })),
  ],
  ['a commit of a builder that was not invited', ({ doom }) => doom.commit(doom.seal(open).commit)],
  [
    'a commit signed by one builder that names another',
    ({ acme }) => acme.commit(forged(open.bits.commit, acme.signer)),
  ],
  ['a second, different commit', ({ acme }) => acme.commit(acme.seal(open, 'better').commit)],
  [
    'a commit to a round that was never opened',
    ({ bits }) => bits.commit(bits.seal({ ...open, round: 'ee'.repeat(32) }).commit),
  ],
  ['a commit sent as a result', ({ bits }) => bits.reveal(open.bits.commit)],
  ['a result sent as a commit', ({ bits }) => bits.commit(open.bits.result)],
  ['a result before the close', ({ acme }) => acme.reveal(open.acme.result)],
  ['a result before its commit', ({ bits }) => bits.reveal(open.bits.result)],
  [
    'a result that is not what was committed to',
    ({ bits }) => bits.reveal(bits.seal(closed, 'better').result),
  ],
  [
    'a copy of another builder’s result under an own signature',
    ({ bits }) => bits.reveal(forged(closed.acme.result, bits.signer)),
  ],
  [
    'a result of another release',
    ({ bits }) => {
      const answered = { ...closed, release: makeRelease('ff'.repeat(20)), builder: bits.id };
      return bits.reveal(signResult(makeResult(answered), bits.signer));
    },
  ],
  [
    'a result for another round',
    ({ bits }) => bits.reveal(bits.seal({ ...open, open: closed.open }).result),
  ],
  [
    'a result that belongs to no round',
    ({ bits }) => {
      const answered = { round: null, release: closed.open.release, builder: bits.id };
      return bits.reveal(signResult(makeResult(answered), bits.signer));
    },
  ],
  [
    'a result that was shown already, with another valid signature of its builder',
    ({ acme }) => acme.reveal(signedAnew(closed.acme.result, 1)),
  ],
  [
    'an envelope with two signatures',
    ({ bits }) => {
      const [signature] = open.bits.commit.signatures;
      return bits.commit(envelopeOf({ signatures: [signature!, signature!] }));
    },
  ],
  ['an envelope without a signature', ({ bits }) => bits.commit(envelopeOf({ signatures: [] }))],
  [
    'an envelope of another payload type',
    ({ bits }) => bits.commit(envelopeOf({ payloadType: 'text/plain' })),
  ],
  ['a payload that is not base64', ({ bits }) => bits.commit(envelopeOf({ payload: '***' }))],
  [
    'a payload that is no statement',
    ({ bits }) => bits.commit(signStatement({ hello: 'world' }, bits.signer)),
  ],
  ['no JSON', ({ bits }) => bits.send(SUBJECTS.commitSubmitted, '{"envelope":')],
  ['no envelope', ({ bits }) => bits.send(SUBJECTS.resultSubmitted, '[]')],
  [
    'an envelope with something beside it',
    ({ bits }) =>
      bits.send(
        SUBJECTS.commitSubmitted,
        JSON.stringify({ envelope: open.bits.commit, admin: true }),
      ),
  ],
  [
    'a message of a kind that nobody knows',
    ({ bits }) => bits.send('quorum.v1.from-builder.x', '{}'),
  ],
];

function indexLine({ proof }: { readonly proof: string }): string | undefined {
  return proof.split('\n')[1];
}

function cast(): Cast {
  const [acme, bits, coop, doom] = quorum().builders;
  return { acme: acme!, bits: bits!, coop: coop!, doom: doom! };
}

describe('refused, counted, and without a trace in log and projection:', () => {
  test.each(attacks)('%s', async (_, attack) => {
    const before = await quorum().contents();
    expect(await outcomeOf(() => attack(cast()))).toEqual({ refused: 1 });
    expect(await quorum().contents()).toEqual(before);
  });

  test('a message of 2 MB, which does not even get into the stream', async () => {
    const before = await quorum().contents();
    const body = JSON.stringify({ envelope: envelopeOf({ payload: 'A'.repeat(2_000_000) }) });
    await expect(cast().bits.send(SUBJECTS.commitSubmitted, body)).rejects.toThrow(/maximum/);
    expect(await quorum().contents()).toEqual(before);
  });
});

describe('what the log has already', () => {
  test('gets the same receipt again, and counts once', async () => {
    const { acme } = cast();
    const first = await acme.receipt(open.acme.commit);
    const before = await quorum().contents();
    expect(await outcomeOf(() => acme.commit(open.acme.commit))).toEqual({ repeated: 1 });
    const second = await acme.receipt(open.acme.commit, 2);
    expect(indexLine(second)).toBe(indexLine(first));
    // Nothing was logged in between, so that this one is the same to the last byte.
    expect(await outcomeOf(() => acme.commit(open.acme.commit))).toEqual({ repeated: 1 });
    expect(await acme.receipt(open.acme.commit, 3)).toEqual(second);
    expect(await quorum().contents()).toEqual(before);
  });

  test.each([
    ['without a key id', undefined],
    ['with another key id', 'mine'],
    ['with a key id that is no text', '\ud800'],
  ])('is known in other base64, %s, whoever sends it', async (_, keyid) => {
    const { doom } = cast();
    const before = await quorum().contents();
    const commit = respelt(open.acme.commit, keyid);
    const result = respelt(closed.acme.result, keyid);
    expect(commitmentOf(commit)).toBe(commitmentOf(open.acme.commit));
    const outcomes = [
      await outcomeOf(() => doom.commit(commit)),
      await outcomeOf(() => doom.reveal(result)),
    ];
    expect(outcomes).not.toContainEqual({ logged: 1 });
    expect(await quorum().contents()).toEqual(before);
  });

  test('keeps nobody else’s copy of it ahead of the genuine one', async () => {
    const { bits, doom } = cast();
    // Somebody on the wire is faster, with another spelling of the same words.
    expect(await outcomeOf(() => doom.commit(respelt(open.bits.commit)))).toEqual({ logged: 1 });
    expect(await outcomeOf(() => bits.commit(open.bits.commit))).toEqual({ repeated: 1 });
    await bits.receipt(open.bits.commit);
    const { builders } = await quorum().api.report(open.round);
    expect(builders.map(({ state }) => state)).toEqual(['committed', 'committed', 'waiting']);
  });
});

test('a copied commitment is worth nothing: its copier can never show what it stands for', async () => {
  const { api } = quorum();
  const { acme, bits, coop } = cast();
  const play = await begin('0e'.repeat(20));
  const { acme: mine } = play;
  const copied = signCommit(play.round, mine.result, coop.signer);
  await coop.commit(copied);
  await acme.commit(mine.commit);
  await bits.commit(play.bits.commit);
  await acme.close(play.round);
  const shown = forged(mine.result, coop.signer);
  expect(await outcomeOf(() => coop.reveal(play.coop.result))).toEqual({ refused: 1 });
  expect(await outcomeOf(() => coop.reveal(shown))).toEqual({ refused: 1 });
  await acme.reveal(mine.result);
  await bits.reveal(play.bits.result);
  await bits.receipt(play.bits.result);
  const { builders, artifacts } = await api.report(play.round);
  expect(builders.map(({ state }) => state)).toEqual(['built', 'built', 'committed']);
  expect(artifacts[0]!.clusters[0]!.operators).toEqual(['acme', 'bits']);
});
