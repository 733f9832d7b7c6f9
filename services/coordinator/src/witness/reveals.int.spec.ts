import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  commitmentOf,
  revealStatement,
  signatureOf,
  signStatement,
  type Envelope,
  type Reveal,
  type Signer,
} from '#libs/attestation';
import { CloseEvidence, SUBJECTS, subjectFor, type Report } from '#libs/contracts';
import { fromBase64 } from '#libs/encoding';
import { isSufficientlyWitnessed, parseBundle } from '#libs/evidence';
import {
  eventually,
  makeSigner,
  useQuorum,
  type HandBuilder,
  type SealedResult,
} from '#libs/testing';
import {
  ed25519Signer,
  ed25519Verifier,
  hashLeaf,
  logEntry,
  openCheckpoint,
  signNote,
  verifyConsistency,
  verifyInclusion,
} from '#libs/tlog';
import { PlayedWitness } from './played-witness.fixture.js';
import { WitnessedCoordinator } from './witnessed-coordinator.fixture.js';

const origin = 'log.example/spec';
const outside = new PlayedWitness('outside', 101, 'witness.example/outside');
const agents = [1, 2, 3].map((seed) => {
  return new PlayedWitness(`agent${seed}`, 110 + seed, makeSigner(seed).id);
});
const witnesses = [outside, ...agents];
const witnessed = new WitnessedCoordinator(origin, witnesses, [outside], 3);
const quorum = useQuorum({
  start: witnessed.start,
  operators: { acme: 1, bits: 1, coop: 1 },
  environment: { WITNESS_TIMEOUT_SECONDS: '10' },
});
beforeAll(() => {
  for (const agent of agents) agent.listen(quorum().nats, witnessed.logs);
});
afterAll(() => Promise.all(witnesses.map((witness) => witness.stop())));

let opened = 0;
interface Play {
  readonly round: string;
  readonly sealed: readonly (SealedResult & { readonly builder: HandBuilder })[];
}

/** Opens a round, and has everybody commit. */
async function play(): Promise<Play> {
  opened += 1;
  const { api, builders } = quorum();
  const round = await api.open({ commit: opened.toString(16).padStart(40, '0') });
  const sealed = await Promise.all(
    builders.map(async (builder) => {
      return { builder, ...builder.seal(await builder.invitation(round)) };
    }),
  );
  for (const { builder, commit } of sealed) await builder.commit(commit);
  await Promise.all(builders.map((builder) => builder.close(round)));
  return { round, sealed };
}

async function ask(
  builder: HandBuilder,
  round: string,
  oldSize = 0,
): Promise<CloseEvidence | null> {
  const subject = subjectFor(SUBJECTS.closeEvidence, builder.id);
  const question = JSON.stringify({ round, builder: builder.id, oldSize });
  const reply = await quorum().nats.request(subject, question, { timeout: 5_000 });
  return CloseEvidence.nullable().parse(reply.json());
}

/** Asks until the evidence is sufficiently witnessed, as an agent does. */
function sufficient(builder: HandBuilder, round: string): Promise<CloseEvidence> {
  const isSufficient = ({ checkpoint: note, closeIndex }: CloseEvidence): boolean =>
    isSufficientlyWitnessed({ note, policy: witnessed.policy, origin, minSize: closeIndex + 1 });
  return eventually('sufficient close evidence', () => ask(builder, round), isSufficient);
}

function revealOf(
  { builder, result }: Play['sealed'][number],
  round: string,
  {
    commitIndex,
    closeIndex,
    checkpoint,
  }: Pick<CloseEvidence, 'commitIndex' | 'closeIndex' | 'checkpoint'>,
  over: Partial<Reveal> = {},
  signer: Signer = builder.signer,
): Envelope {
  const commitment = commitmentOf(result);
  const said = { round, builder: builder.id, commitment, commitIndex, closeIndex, checkpoint };
  return signStatement(revealStatement({ ...said, ...over }), signer);
}
const show = (builder: HandBuilder, envelope: Envelope, reveal?: Envelope): Promise<void> =>
  builder.send(SUBJECTS.resultSubmitted, JSON.stringify({ envelope, reveal }));
const flags = ({ artifacts }: Report): readonly boolean[] => [
  ...new Set(artifacts.map((artifact) => artifact.flags.includes('weakly-witnessed'))),
];

describe('close evidence', () => {
  let played: Play;
  beforeAll(async () => {
    played = await play();
  });

  test('shows that the log grew, and holds the commit before the close, to whoever has the envelopes', async () => {
    const { round, sealed } = played;
    const { builder, commit } = sealed[0]!;
    const { signer } = quorum();
    const evidence = await sufficient(builder, round);
    const verifiers = [ed25519Verifier(origin, signer.publicKey)];
    const { size, root } = openCheckpoint(evidence.checkpoint, verifiers, origin).checkpoint;
    const { roundClose } = await builder.close(round);
    const leafOf = (envelope: Envelope, { publicKey }: Signer): Uint8Array =>
      hashLeaf(
        logEntry({
          paeSha256: commitmentOf(envelope),
          signature: signatureOf(envelope),
          publicKey,
        }),
      );
    const { commitIndex, closeIndex } = evidence;
    expect(commitIndex).toBeLessThan(closeIndex);
    verifyInclusion({
      leafHash: leafOf(commit, builder.signer),
      index: BigInt(commitIndex),
      proof: evidence.commitPath.map(fromBase64),
      size,
      root,
    });
    verifyInclusion({
      leafHash: leafOf(roundClose, signer),
      index: BigInt(closeIndex),
      proof: evidence.closePath.map(fromBase64),
      size,
      root,
    });
    expect(evidence.consistency).toEqual([]);
  });

  test('leads on from what its asker saw before', async () => {
    const { builder } = played.sealed[1]!;
    const before = await sufficient(builder, played.round);
    const later = await play();
    const verifiers = [ed25519Verifier(origin, quorum().signer.publicKey)];
    const old = openCheckpoint(before.checkpoint, verifiers, origin).checkpoint;
    const evidence = await eventually('evidence', () =>
      ask(builder, later.round, Number(old.size)),
    );
    const { size, root } = openCheckpoint(evidence.checkpoint, verifiers, origin).checkpoint;
    const proof = evidence.consistency.map(fromBase64);
    verifyConsistency({ size1: old.size, root1: old.root, size2: size, root2: root, proof });
  });

  test('is the same over HTTP', async () => {
    const { round, sealed } = played;
    const { id } = sealed[0]!.builder;
    const path = `/v1/rounds/${round}/close-evidence`;
    const response = await quorum().api.get(`${path}?builder=${id}&oldSize=1`);
    const { closeIndex } = CloseEvidence.parse(await response.json());
    expect(closeIndex).toBe((await quorum().api.report(round)).round!.closeIndex);
    for (const query of [`?builder=${id}&oldSize=100000`, `?builder=nobody`]) {
      const problem = await quorum().api.refused('GET', `${path}${query}`);
      expect(problem).toMatchObject({ status: 404, code: 'no-close-evidence' });
    }
    expect(await quorum().api.refused('GET', path)).toMatchObject({ status: 400 });
  });

  test('is none for an open round, a stranger, or a question that is none', async () => {
    const { api, nats, builders } = quorum();
    const round = await api.open({ commit: 'cc'.repeat(20) });
    expect(await ask(builders[0]!, round)).toBeNull();
    expect(await ask(builders[0]!, 'ee'.repeat(32))).toBeNull();
    const subject = subjectFor(SUBJECTS.closeEvidence, builders[1]!.id);
    const { id } = builders[0]!;
    const foreign = JSON.stringify({ round: played.round, builder: id, oldSize: 0 });
    for (const question of [foreign, '{', 'null', '{"round":7}']) {
      expect((await nats.request(subject, question, { timeout: 5_000 })).json()).toBeNull();
    }
  });
});

describe('a result', () => {
  test('is logged with its reveal right behind it, and witnessed where every reveal is', async () => {
    const { round, sealed } = await play();
    for (const seat of sealed) {
      const evidence = await sufficient(seat.builder, round);
      await show(seat.builder, seat.result, revealOf(seat, round, evidence));
    }
    const report = await quorum().api.reportIn('final', round);
    expect(flags(report)).toEqual([false]);
    const logged = await quorum().api.logged(round);
    const shown = logged.slice(logged.findIndex(({ kind }) => kind === 'round-close') + 1);
    expect(shown.map(({ kind }) => kind)).toEqual([
      ...['result', 'reveal', 'result', 'reveal', 'result', 'reveal'],
      'verdict',
    ]);
    for (const [at, { builder }] of shown.entries()) {
      if (at % 2 === 0 && at < 6) expect(shown[at + 1]!.builder).toBe(builder);
    }
    for (const { builder, result } of sealed) expect(await builder.receipt(result)).toBeDefined();
  });

  type Weak = (seat: Play['sealed'][number], round: string, evidence: CloseEvidence) => Envelope;
  const stranger = makeSigner(200);
  const strange = (text: string): string =>
    signNote(text, [ed25519Signer(origin, stranger.publicKey, (m) => stranger.sign(m))]);
  const textOf = (note: string): string => note.slice(0, note.lastIndexOf('\n\n') + 1);

  test.each<[string, Weak | null]>([
    ['no reveal', null],
    [
      'a reveal on the coordinator’s word alone',
      (seat, round, evidence) => {
        const [text = '', lines = ''] = evidence.checkpoint.split('\n\n');
        const own = lines.split(/(?<=\n)/).filter((line) => line.startsWith(`— ${origin} `));
        return revealOf(seat, round, { ...evidence, checkpoint: `${text}\n\n${own.join('')}` });
      },
    ],
    [
      'a reveal on a checkpoint that somebody else signed',
      (seat, round, evidence) =>
        revealOf(seat, round, { ...evidence, checkpoint: strange(textOf(evidence.checkpoint)) }),
    ],
    [
      'a reveal on something else',
      (seat, round, evidence) => revealOf(seat, round, { ...evidence, checkpoint: 'trust me\n' }),
    ],
  ])('with %s is counted, and its round weakly witnessed', async (_, weak) => {
    const { round, sealed } = await play();
    for (const [at, seat] of sealed.entries()) {
      const evidence = await sufficient(seat.builder, round);
      const honest = revealOf(seat, round, evidence);
      const reveal = at > 0 ? honest : weak?.(seat, round, evidence);
      await show(seat.builder, seat.result, reveal);
    }
    const { api } = quorum();
    const report = await api.reportIn('final', round);
    expect(flags(report)).toEqual([true]);
    expect(report.builders.map(({ state }) => state)).toEqual(['built', 'built', 'built']);
    const bundle = await fetch(`${api.url}/v1/rounds/${round}/bundle`);
    const { lines, findings } = parseBundle(await bundle.text());
    expect([findings, lines.at(-1)]).toMatchObject([[], { kind: 'verdict' }]);
  });

  test('whose reveal was witnessed before the close is weakly witnessed', async () => {
    const early = await play();
    const old = await sufficient(early.sealed[0]!.builder, early.round);
    const { round, sealed } = await play();
    for (const seat of sealed) {
      const evidence = await sufficient(seat.builder, round);
      const { checkpoint } = seat === sealed[0] ? old : evidence;
      await show(seat.builder, seat.result, revealOf(seat, round, { ...evidence, checkpoint }));
    }
    expect(flags(await quorum().api.reportIn('final', round))).toEqual([true]);
  });

  test('whose reveal does not fit is refused with it, and taken when it comes with one that does', async () => {
    const { api, builders } = quorum();
    const { round, sealed } = await play();
    const [seat, next] = [sealed[0]!, sealed[1]!];
    const evidence = await sufficient(seat.builder, round);
    const elsewhere = await play();
    const wrong: readonly Envelope[] = [
      revealOf(seat, round, evidence, {}, builders[1]!.signer),
      revealOf(seat, round, evidence, { builder: builders[1]!.id }),
      revealOf(seat, elsewhere.round, evidence),
      revealOf(seat, round, evidence, { commitment: commitmentOf(next.result) }),
      revealOf(seat, round, evidence, { commitIndex: evidence.commitIndex + 1 }),
      revealOf(seat, round, evidence, { closeIndex: evidence.closeIndex + 1 }),
      revealOf(seat, round, evidence, { commitIndex: evidence.closeIndex }),
      seat.commit,
      seat.result,
    ];
    const before = await api.metric('quorum_envelopes_total', { outcome: 'refused' });
    for (const reveal of wrong) await show(seat.builder, seat.result, reveal);
    await eventually(
      'all of them refused',
      () => api.metric('quorum_envelopes_total', { outcome: 'refused' }),
      (count) => count === before + wrong.length,
    );
    expect((await api.logged(round)).map(({ kind }) => kind)).not.toContain('result');
    for (const each of sealed) {
      const fresh = await sufficient(each.builder, round);
      await show(each.builder, each.result, revealOf(each, round, fresh));
    }
    expect(flags(await api.reportIn('final', round))).toEqual([false]);
  });
});
