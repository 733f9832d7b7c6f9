import { describe, expect, test } from 'vitest';
import { signStatement, type Envelope } from '#libs/attestation';
import { sha256 } from '#libs/encoding';
import { formatVkey, hashLeaf } from '#libs/tlog';
import {
  bundleText,
  fiveHands,
  goodRound,
  HandRound,
  RELEASE,
  type Otherwise,
} from '../../../../libs/evidence/src/bundle.fixture.js';
import { verifyCertificate } from '../../../../libs/evidence/src/audit.fixture.js';
import { COORDINATOR, MemoryLog, ORIGIN } from '../../../../libs/evidence/src/log.fixture.js';
import { recomputeVerdict, type VerifyCertificate } from '#libs/evidence';
import { coordinatorOf } from '../jobs/coordinator-identity.js';
import { entryOf } from '../jobs/log-entry.js';
import { playCoordinator } from '../round.fixture.js';
import { recheckVerdict, type OwnLeaf, type VerdictClaim } from './recheck.js';

const coordinator = coordinatorOf(formatVkey(ORIGIN, COORDINATOR.publicKey));
const good = goodRound();

const verdictOf = ({ log }: HandRound): Envelope =>
  log.entries.find(({ kind }) => kind === 'verdict')!.envelope;

function claimOf(round: HandRound, more: Partial<VerdictClaim> = {}): VerdictClaim {
  return {
    ...{ round: round.round, verdict: verdictOf(round), coordinator, own: [] },
    bundle: Buffer.from(round.bundle()),
    verifyCertificate,
    hold: () => Promise.resolve({ kind: 'consistent' }),
    ...more,
  };
}

/** Plays a round up to its verdict, which is `lie`'s. */
function falselyDecided(lie: (truth: Record<string, unknown>) => object): HandRound {
  const round = new HandRound(new MemoryLog(), fiveHands(['bad', 'bad', 'bad']));
  for (const hand of round.hands) round.commit(hand);
  round.close();
  const note = round.log.note();
  for (const hand of round.hands) round.reveal(hand, note);
  const truth = recomputeVerdict(round.replay(), {
    ...{ origin: ORIGIN, coordinatorKeyId: COORDINATOR.keyId, version: '0.1.0' },
    decidedAt: '2026-01-02T06:10:00.000Z',
  });
  round.log.append('verdict', lie(truth) as never);
  return round;
}

/** The leaves of a builder's commit and result, as its receipts say where they stand. */
function ownOf(round: HandRound, at = 0): OwnLeaf[] {
  const { publicKey } = round.hands[at]!.signer;
  return round.log.entries
    .filter((entry) => Buffer.compare(entry.publicKey, publicKey) === 0)
    .filter(({ kind }) => kind === 'commit' || kind === 'result')
    .map(({ kind, index, envelope }) => ({
      ...{ what: kind, index: BigInt(index) },
      leafHash: hashLeaf(entryOf(envelope, publicKey)),
    }));
}

describe('a verdict that follows from the log', () => {
  test('is found to be true, by who revealed and by who did not', async () => {
    expect(await recheckVerdict(claimOf(good, { own: ownOf(good) }))).toEqual({ kind: 'true' });
    expect(await recheckVerdict(claimOf(good))).toEqual({ kind: 'true' });
  });

  test('is true of a bare commit, of which nothing is expected', async () => {
    const artifacts = RELEASE.artifacts.map((it) => ({ ...it, expected: null, elected: false }));
    const round = goodRound({ proposal: null, urls: [], release: { ...RELEASE, artifacts } });
    const bundle = Buffer.from(round.bundle({ proposal: null }));
    expect(await recheckVerdict(claimOf(round, { bundle }))).toEqual({ kind: 'true' });
  });

  test('is true also where most built something else: what is judged is the counting', async () => {
    const round = falselyDecided((truth) => truth);
    expect(await recheckVerdict(claimOf(round))).toEqual({ kind: 'true' });
  });
});

describe('a verdict that the coordinator falsified is refused', () => {
  test.each<[string, (truth: Record<string, unknown>) => object]>([
    [
      'in its summary',
      (truth) => ({
        ...truth,
        predicate: { ...(truth['predicate'] as object), verificationResult: 'PASSED' },
      }),
    ],
    [
      'in one flag of one artifact',
      (truth) =>
        JSON.parse(JSON.stringify(truth).replace('"flags":[', '"flags":["repeated",')) as object,
    ],
    [
      'in what it rests on',
      (truth) => ({
        ...truth,
        predicate: { ...(truth['predicate'] as object), inputAttestations: [] },
      }),
    ],
  ])('%s', async (_, lie) => {
    const round = falselyDecided(lie);
    expect(await recheckVerdict(claimOf(round))).toMatchObject({
      ...{ kind: 'refused', reason: 'recomputed-otherwise' },
      message: expect.stringContaining('guestos/update-img contradicted') as unknown,
    });
  });

  test('when another one stands in the log than was sent', async () => {
    const statement = JSON.parse(
      Buffer.from(verdictOf(good).payload, 'base64').toString().replace('PASSED', 'FAILED'),
    ) as object;
    const verdict = signStatement(statement, COORDINATOR);
    expect(await recheckVerdict(claimOf(good, { verdict }))).toMatchObject({
      ...{ kind: 'refused', reason: 'not-logged' },
    });
  });
});

describe('evidence that is bad is told as such', () => {
  test('when an entry was left out of the bundle', async () => {
    const entries = good.log.entries.filter(({ kind }) => kind !== 'round-close');
    const bundle = Buffer.from(bundleText(good.source({ entries }), good.log));
    expect(await recheckVerdict(claimOf(good, { bundle }))).toMatchObject({
      ...{ kind: 'refused', reason: 'evidence-bad' },
    });
  });

  test('when the log does not hold what it gave a receipt for', async () => {
    const [commit, result] = ownOf(good);
    for (const own of [
      [{ ...commit!, leafHash: result!.leafHash }],
      [commit!, { ...result!, index: commit!.index }],
    ]) {
      expect(await recheckVerdict(claimOf(good, { own }))).toMatchObject({
        ...{ kind: 'refused', reason: 'evidence-bad' },
        message: expect.stringContaining('as its receipt says') as unknown,
      });
    }
  });

  test.each<[string, Otherwise, RegExp]>([
    ['without a proposal', { proposal: null }, /expected-unproven: .*guestos/],
    [
      'that the proposal does not elect',
      {
        release: {
          ...RELEASE,
          artifacts: RELEASE.artifacts.map((each) =>
            each.elected ? { ...each, expected: sha256('another') } : each,
          ),
        },
      },
      /expected-unproven: the proposal does not say of guestos/,
    ],
    [
      'of an artifact that the proposal does not elect',
      {
        release: {
          ...RELEASE,
          artifacts: RELEASE.artifacts.map((each) => ({ ...each, elected: true })),
        },
      },
      /expected-unproven: the proposal does not say of setupos/,
    ],
    [
      'by a proposal that is another than the evidence is of',
      { proposal: { ...good.open.proposal!, id: '138001' } },
      /certificate-wrong: .*138001/,
    ],
  ])('when the round expects what nobody certified: %s', async (_, over, message) => {
    const round = goodRound(over);
    expect(await recheckVerdict(claimOf(round))).toMatchObject({
      ...{ kind: 'refused', reason: 'evidence-bad' },
      message: expect.stringMatching(message) as unknown,
    });
  });

  test('when the certificate does not lead to the root key', async () => {
    const refused: VerifyCertificate = () => Promise.reject(new Error('signed by another root'));
    expect(await recheckVerdict(claimOf(good, { verifyCertificate: refused }))).toMatchObject({
      ...{ kind: 'refused', reason: 'evidence-bad' },
      message: 'certificate-wrong: signed by another root',
    });
  });

  test('when the proposal was left out', async () => {
    const bundle = Buffer.from(good.bundle({ proposal: null }));
    expect(await recheckVerdict(claimOf(good, { bundle }))).toMatchObject({
      ...{ kind: 'refused', reason: 'evidence-bad' },
      message: expect.stringMatching(/^proposal-missing: /) as unknown,
    });
  });

  test('what the log received after the verdict is not missed', async () => {
    const [commit] = ownOf(good);
    const late = { ...commit!, what: 'result', index: 10_000n };
    expect(await recheckVerdict(claimOf(good, { own: [late] }))).toEqual({ kind: 'true' });
  });
});

describe('a tree that is not shown to be one with what this agent saw', () => {
  test('is bad evidence where it cannot be, whatever else holds', async () => {
    const reason = 'one size has two roots';
    const hold: VerdictClaim['hold'] = () => Promise.resolve({ kind: 'contradicted', reason });
    expect(await recheckVerdict(claimOf(good, { hold }))).toEqual({
      ...{ kind: 'refused', reason: 'evidence-bad', message: `log-inconsistent: ${reason}` },
    });
  });

  test('gets no countersignature until it is, and a false verdict is refused all the same', async () => {
    const hold: VerdictClaim['hold'] = () => Promise.resolve({ kind: 'unknown', reason: 'away' });
    const held = { kind: 'unusable', reason: 'away' };
    expect(await recheckVerdict(claimOf(good, { hold }))).toEqual(held);
    const round = falselyDecided((truth) => ({
      ...truth,
      predicate: { ...(truth['predicate'] as object), inputAttestations: [] },
    }));
    expect(await recheckVerdict(claimOf(round, { hold }))).toMatchObject({
      ...{ kind: 'refused', reason: 'recomputed-otherwise' },
    });
  });

  test('is held as the log signed it, without what others signed', async () => {
    const notes: string[] = [];
    const hold: VerdictClaim['hold'] = ({ note }) => {
      notes.push(note);
      return Promise.resolve({ kind: 'consistent' });
    };
    await recheckVerdict(claimOf(good, { hold }));
    expect(notes).toEqual([good.log.note(0)]);
  });
});

describe('what anybody could have served says nothing of the verdict', () => {
  test.each<[string, (text: string) => string]>([
    ['nothing', () => ''],
    ['something else', () => '<html>'],
    ['the beginning of a bundle', (text) => text.slice(0, 200)],
  ])('%s', async (_, serve) => {
    const bundle = Buffer.from(serve(good.bundle()));
    expect((await recheckVerdict(claimOf(good, { bundle }))).kind).toBe('unusable');
  });

  test('a bundle of another log, or of another round', async () => {
    const other = playCoordinator(201, ORIGIN).coordinator;
    expect((await recheckVerdict(claimOf(good, { coordinator: other }))).kind).toBe('unusable');
    const round = '1'.repeat(64);
    expect((await recheckVerdict(claimOf(good, { round }))).kind).toBe('unusable');
  });
});
