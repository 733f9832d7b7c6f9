import { describe, expect, test } from 'vitest';
import { openEnvelope, parseStatement, readRoundClose, readVerdict } from '#libs/attestation';
import type { LoggedAttestation, Report } from '#libs/contracts';
import { readConfig } from '#libs/platform';
import { RoundBuilderEntity, RoundEntity } from '#libs/persistence';
import {
  CoordinatorClient,
  eventually,
  useQuorum,
  type HandBuilder,
  type SealedResult,
} from '#libs/testing';
import { Config } from '../config.js';
import { startCoordinator } from '../coordinator.js';

const quorum = useQuorum({
  start: (environment) => startCoordinator(readConfig(Config, environment)),
  operators: { acme: 1, bits: 1, duo: 2 },
});

let opened = 0;

interface Seat extends SealedResult {
  readonly builder: HandBuilder;
}
interface Play {
  readonly round: string;
  readonly acme: Seat;
  readonly bits: Seat;
  readonly duo: Seat;
  readonly twin: Seat;
  readonly all: readonly Seat[];
}

/** Opens a round on a commit of its own; everybody has built the same. */
async function begin(
  deadlineSeconds = 86_400,
  { api }: { readonly api: CoordinatorClient } = quorum(),
): Promise<Play> {
  const { builders } = quorum();
  opened += 1;
  const commit = opened.toString(16).padStart(40, '0');
  const round = await api.open({ commit, deadlineSeconds });
  const invitation = await builders[0]!.invitation(round);
  const all = builders.map((builder) => ({ builder, ...builder.seal(invitation) }));
  const [acme, bits, duo, twin] = all;
  return { round, acme: acme!, bits: bits!, duo: duo!, twin: twin!, all };
}

/** Commits as agents do, which go on once a commit is logged. */
async function commit(...seats: readonly Seat[]): Promise<void> {
  for (const seat of seats) await seat.builder.commit(seat.commit);
  for (const seat of seats) await seat.builder.receipt(seat.commit);
}

async function reveal(round: string, ...seats: readonly Seat[]): Promise<void> {
  for (const seat of seats) {
    await seat.builder.close(round);
    await seat.builder.reveal(seat.result);
  }
}

/** Lets the deadline that a round waits for pass: what the rules say must not hang on a busy machine. */
async function passDeadline(round: string): Promise<void> {
  const rounds = quorum().dataSource.getRepository(RoundEntity);
  await rounds.update({ id: round }, { dueAt: new Date(0) });
}

function states({ builders }: Report): Record<string, string> {
  return Object.fromEntries(builders.map(({ builder, state }) => [builder, state]));
}

function kinds(logged: readonly LoggedAttestation[]): string[] {
  return logged.map(({ kind }) => kind);
}

// Each has a round of its own, and most of its time goes by until deadlines are looked at.
describe.concurrent('by the clock, a round', () => {
  test('is closed at its deadline, and decided when the time for reveals is over', async () => {
    const { url } = await quorum().start({ REVEAL_SECONDS: '1' });
    const api = new CoordinatorClient(url);
    const { round: silent } = await begin(1, { api });
    const { round, all } = await begin(86_400, { api });
    await commit(...all);
    const closed = await api.reportIn('final', silent);
    expect(closed.round!.closeReason).toBe('deadline');
    expect(Date.parse(closed.round!.closedAt!)).toBeGreaterThanOrEqual(
      Date.parse(closed.round!.closesAt),
    );
    const decided = await api.reportIn('final', round);
    expect(decided.builders.map(({ state }) => state)).toEqual(all.map(() => 'unrevealed'));
    const [closedAt, decidedAt] = [decided.round!.closedAt!, decided.round!.decidedAt!];
    expect(Date.parse(decidedAt) - Date.parse(closedAt)).toBeGreaterThanOrEqual(1_000);
  });
});

describe.concurrent('a round', () => {
  test('closes at its deadline without those who said nothing, and tells them', async () => {
    const { api, signer } = quorum();
    const { round, acme, bits, duo, twin } = await begin();
    await commit(acme, bits);
    await passDeadline(round);
    const { roundClose } = await twin.builder.close(round);
    const close = readRoundClose(parseStatement(openEnvelope(roundClose, signer.publicKey)));
    expect(close).toMatchObject({ round, reason: 'deadline' });
    await reveal(round, acme, bits);
    const report = await api.reportIn('final', round);
    expect(report.round!.closeReason).toBe('deadline');
    const [artifact] = report.artifacts;
    expect(artifact).toMatchObject({ verdict: 'reproduced', needed: 2, unrevealed: [] });
    expect(artifact!.missing.map(({ builder }) => builder)).toEqual(
      [duo.builder.id, twin.builder.id].toSorted(),
    );
    expect(states(report)).toMatchObject({
      [duo.builder.id]: 'absent',
      [twin.builder.id]: 'absent',
    });
  });

  test('does not close before its deadline while somebody invited is missing', async () => {
    const { api } = quorum();
    const { round, acme, bits, duo, twin } = await begin();
    await commit(acme, bits, duo);
    expect((await api.report(round)).round).toMatchObject({ phase: 'open', closedAt: null });
    await commit(twin);
    await api.reportIn('revealing', round);
  });

  test('is decided at the reveal deadline; a builder that stays silent costs its operator the vote', async () => {
    const { api, signer } = quorum();
    const { round, acme, bits, duo, twin, all } = await begin();
    await commit(...all);
    await reveal(round, acme, bits, duo);
    await duo.builder.receipt(duo.result);
    expect((await api.report(round)).round!.phase).toBe('revealing');
    await passDeadline(round);
    const report = await api.reportIn('final', round);
    expect(states(report)).toEqual({
      [acme.builder.id]: 'built',
      [bits.builder.id]: 'built',
      [duo.builder.id]: 'built',
      [twin.builder.id]: 'unrevealed',
    });
    for (const { clusters, unrevealed, flags, verdict } of report.artifacts) {
      expect(verdict).toBe('reproduced');
      expect(clusters.flatMap(({ operators }) => operators)).toEqual(['acme', 'bits']);
      expect(unrevealed).toEqual([{ operator: 'duo', builder: twin.builder.id }]);
      expect(flags).toContain('unrevealed');
    }
    const { envelope } = (await api.logged(round)).at(-1)!;
    const verdict = readVerdict(parseStatement(openEnvelope(envelope, signer.publicKey)));
    expect(verdict.artifacts).toEqual(report.artifacts);
  });

  test('logs a commit after its close as late, and never counts it', async () => {
    const { api } = quorum();
    const { round, acme, bits, duo, twin } = await begin();
    await commit(acme, bits, duo);
    await passDeadline(round);
    await acme.builder.close(round);
    await commit(twin);
    await reveal(round, twin, acme, bits, duo);
    await twin.builder.receipt(twin.result);
    const report = await api.reportIn('final', round);
    expect(states(report)).toMatchObject({ [twin.builder.id]: 'late' });
    const [artifact] = report.artifacts;
    expect(artifact!.late).toEqual([{ operator: 'duo', builder: twin.builder.id }]);
    expect(artifact!.flags).toContain('late');
    expect(artifact!.clusters.flatMap(({ builders }) => builders)).not.toContain(twin.builder.id);
    const logged = await api.logged(round);
    const mine = logged.filter(({ builder }) => builder === twin.builder.id);
    expect(kinds(mine)).toEqual(['commit', 'result']);
    expect(mine[0]!.index).toBeGreaterThan(report.round!.closeIndex!);
  });

  test('logs a result after its verdict, and changes nothing by it', async () => {
    const { api } = quorum();
    const { round, acme, bits, duo, twin, all } = await begin();
    await commit(...all);
    await reveal(round, acme, bits, duo);
    await duo.builder.receipt(duo.result);
    await passDeadline(round);
    const before = await api.reportIn('final', round);
    await reveal(round, twin);
    await twin.builder.receipt(twin.result);
    const after = await api.report(round);
    expect(after.artifacts).toEqual(before.artifacts);
    expect(states(after)).toEqual(states(before));
    expect(kinds(await api.logged(round)).slice(-2)).toEqual(['verdict', 'result']);
  });

  test('logs a commit after its verdict, and counts it neither as a vote nor as late', async () => {
    const { api, signer } = quorum();
    const { round, acme, bits, duo, twin } = await begin();
    await commit(acme, bits, duo);
    await api.close(round);
    await reveal(round, acme, bits, duo);
    const before = await api.reportIn('final', round);
    await commit(twin);
    await reveal(round, twin);
    await twin.builder.receipt(twin.result);
    const after = await api.report(round);
    expect(after.artifacts).toEqual(before.artifacts);
    expect(after.artifacts[0]).toMatchObject({
      missing: [{ operator: 'duo', builder: twin.builder.id }],
      late: [],
    });
    expect(states(after)).toEqual({ ...states(before), [twin.builder.id]: 'late' });
    const logged = await api.logged(round);
    expect(kinds(logged).slice(-3)).toEqual(['verdict', 'commit', 'result']);
    const { envelope } = logged.at(-3)!;
    const verdict = readVerdict(parseStatement(openEnvelope(envelope, signer.publicKey)));
    expect(verdict.artifacts).toEqual(after.artifacts);
  });

  test('can be closed by request, once', async () => {
    const { api } = quorum();
    const { round, acme, bits } = await begin();
    await commit(acme, bits);
    const report = await api.close(round);
    expect(report.round).toMatchObject({ phase: 'revealing', closeReason: 'requested' });
    const again = { status: 409, code: 'forbidden-transition' };
    expect(await api.refused('POST', `/v1/rounds/${round}/close`)).toMatchObject(again);
    await reveal(round, acme, bits);
    await api.reportIn('final', round);
    expect(await api.refused('POST', `/v1/rounds/${round}/close`)).toMatchObject(again);
    const logged = kinds(await api.logged(round));
    expect(logged.filter((kind) => kind === 'round-close')).toHaveLength(1);
    expect(logged.filter((kind) => kind === 'verdict')).toHaveLength(1);
  });

  test('that nobody answered is closed and decided at once', async () => {
    const { api } = quorum();
    const { round } = await begin();
    const report = await api.close(round);
    expect(report.round!.phase).toBe('final');
    expect(report.artifacts.map(({ verdict }) => verdict)).toEqual(
      report.artifacts.map(() => 'insufficient'),
    );
    expect(kinds(await api.logged(round))).toEqual(['round-open', 'round-close', 'verdict']);
  });

  test('that cannot be read holds up no other', async () => {
    const { api, dataSource } = quorum();
    const rounds = dataSource.getRepository(RoundEntity);
    const plays = [await begin(), await begin(), await begin()];
    const [broken, ...sound] = plays.map(({ round }) => round).toSorted();
    const { open } = await rounds.findOneByOrFail({ id: broken! });
    await rounds.update({ id: broken! }, { open: { nothing: 'useful' } });
    for (const { round } of plays) await passDeadline(round);
    for (const round of sound) await api.reportIn('final', round);
    await rounds.update({ id: broken! }, { open });
    await api.reportIn('final', broken!);
  });
});

test('a result that its builder signed for another round becomes no vote in this one', async () => {
  const { api, dataSource } = quorum();
  const [other, play] = [await begin(), await begin()];
  for (const { all } of [other, play]) await commit(...all);
  await reveal(other.round, other.acme);
  await other.acme.builder.receipt(other.acme.result);
  const seats = dataSource.getRepository(RoundBuilderEntity);
  const seatOf = ({ round, acme }: Play) => ({ round, builder: acme.builder.id });
  const { resultSha256 } = await seats.findOneByOrFail(seatOf(other));
  await seats.update(seatOf(play), { resultSha256, isCounted: true });
  expect((await api.get(`/v1/rounds/${play.round}/report`)).status).toBe(500);
  await seats.update(seatOf(play), { resultSha256: null, isCounted: false });
  await reveal(play.round, ...play.all);
  const report = await api.reportIn('final', play.round);
  expect(report.artifacts[0]!.clusters[0]!.operators).toEqual(['acme', 'bits', 'duo']);
});

test('a result that was altered in the database becomes no vote, and costs nobody else theirs', async () => {
  const { api, dataSource } = quorum();
  const { round, acme, bits, duo, twin, all } = await begin();
  await commit(...all);
  await reveal(round, acme);
  const { envelopeSha256 } = await acme.builder.receipt(acme.result);
  const alter = (from: string, to: string): Promise<unknown> =>
    dataSource.transaction(async (manager) => {
      await manager.query(`SET LOCAL session_replication_role = 'replica'`);
      await manager.query(
        `UPDATE "envelope" SET "body" = replace("body", $2, $3) WHERE "sha256" = $1`,
        [envelopeSha256, from, to],
      );
    });
  const [sig, altered] = [acme.result.signatures[0]!.sig, 'A'.repeat(86) + '=='];
  await alter(sig, altered);
  const refused = await api.metric('quorum_envelopes_total', { outcome: 'refused' });
  await reveal(round, bits);
  await eventually('a round that cannot be reported', async () =>
    (await api.get(`/v1/rounds/${round}/report`)).status === 500 ? true : null,
  );
  await alter(altered, sig);
  await bits.builder.receipt(bits.result);
  expect(await api.metric('quorum_envelopes_total', { outcome: 'refused' })).toBe(refused);
  await reveal(round, duo, twin);
  const report = await api.reportIn('final', round);
  expect(report.artifacts[0]!.clusters[0]!.operators).toEqual(['acme', 'bits', 'duo']);
});
