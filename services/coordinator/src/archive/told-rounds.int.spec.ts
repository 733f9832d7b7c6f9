import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { signStatement, unverifiedPayload, verdictRefusalStatement } from '#libs/attestation';
import { OpenRoundAnswer } from '#libs/contracts';
import { sha256, toBase64 } from '#libs/encoding';
import { attachArchive, checkDatabase, LogFolder } from '#libs/persistence';
import { readConfig } from '#libs/platform';
import {
  connectDatabase,
  makeSigner,
  playRound,
  signEnrolment,
  signRevocation,
  useQuorum,
  type HandBuilder,
} from '#libs/testing';
import { ed25519Verifier, parseVkey, type PublicNoteKey } from '#libs/tlog';
import { Config } from '../config.js';
import { startCoordinator } from '../coordinator.js';
import { register } from '../dispatch/registered.fixture.js';
import { archiveRounds } from './archive-rounds.js';

const quorum = useQuorum({
  start: (environment) => startCoordinator(readConfig(Config, environment)),
  operators: { acme: 1, bits: 1, coop: 1, dent: 1 },
  environment: { CALIBRATE_BUILDERS: 'false' },
});
const OPERATOR = makeSigner(200);
const COMMIT = 'c0'.repeat(20);
let logKey: PublicNoteKey;
let folder: string;

const builder = (operator: string): HandBuilder => quorum().builder(operator);

function databaseUrl(): string {
  const { options } = quorum().dataSource;
  return 'url' in options ? (options.url ?? '') : '';
}

/** Commits, and gives what shows the result once the round is closed. */
async function commitTo(round: string, operator: string, variant?: string) {
  const one = builder(operator);
  const { commit, result } = one.seal(await one.invitation(round), variant);
  await one.commit(commit);
  await one.receipt(commit);
  return async (): Promise<void> => {
    await one.close(round);
    await one.reveal(result);
    await one.receipt(result);
  };
}

async function play(round: string, ...operators: readonly string[]): Promise<void> {
  const shows = [];
  for (const operator of operators) shows.push(await commitTo(round, operator));
  for (const show of shows) await show();
  await quorum().api.reportIn('final', round);
}

const ids = (...operators: readonly string[]): string[] =>
  operators.map((operator) => builder(operator).id);

/** One builder commits after the close, one refuses the verdict, one’s key is found stolen. */
async function lateRefusedAndRevoked(): Promise<string> {
  const { api } = quorum();
  const round = await api.open({
    ...{ commit: COMMIT, threshold: '3' },
    builders: ids('acme', 'bits', 'coop', 'dent'),
  });
  const shows = [];
  for (const operator of ['acme', 'bits', 'coop']) shows.push(await commitTo(round, operator));
  await api.close(round);
  await commitTo(round, 'dent');
  for (const show of shows) await show();
  await api.reportIn('final', round);
  const coop = builder('coop');
  const { verdict } = await coop.verdict(round);
  const refusal = {
    ...{ round, builder: coop.id, verdictSha256: sha256(unverifiedPayload(verdict)) },
    ...{ reason: 'recomputed-otherwise' as const, message: 'it looks odd' },
  };
  const said = signStatement(verdictRefusalStatement(refusal), coop.signer);
  await coop.answer(round, said);
  await coop.receipt(said);
  expect((await api.post('/v1/keys', signRevocation(OPERATOR, builder('acme').signer))).ok).toBe(
    true,
  );
  return round;
}

/** One builder declines, and another is added. */
async function declinedAndAmended(): Promise<string> {
  const { api } = quorum();
  const round = await api.open({ commit: 'c1'.repeat(20), builders: ids('bits', 'coop') });
  await builder('coop').invitation(round);
  await builder('coop').receipt(await builder('coop').decline(round));
  expect((await api.post(`/v1/rounds/${round}/amend`, { builders: ids('dent') })).ok).toBe(true);
  await play(round, 'bits', 'dent');
  return round;
}

async function calibrated(): Promise<string> {
  await register(quorum().dataSource, builder('dent'));
  const answer = await quorum().api.post(`/v1/builders/${builder('dent').id}/calibrate`);
  const opened = OpenRoundAnswer.parse(await answer.json());
  const round = opened.kind === 'opened' ? opened.round : '';
  await play(round, 'dent');
  return round;
}

/** Archives and prunes all that is decided. */
async function archive(): Promise<readonly string[]> {
  const source = await connectDatabase(databaseUrl());
  try {
    const choice = { keep: 0 };
    const { rounds } = await archiveRounds(source, { choice, folder, logKey, isPruned: true });
    return rounds.map(({ round }) => round);
  } finally {
    await source.destroy();
  }
}

const rounds: string[] = [];
beforeAll(async () => {
  const { api, directory, builders } = quorum();
  const operators = builders.map(({ operator, signer }) => ({
    operator,
    ...(operator === 'acme' && { publicKey: toBase64(OPERATOR.publicKey) }),
    builders: [{ publicKey: toBase64(signer.publicKey) }],
  }));
  await quorum().writeRoster(JSON.stringify({ operators }));
  const [attestation, witness, nats] = [builder('acme').signer, makeSigner(201), makeSigner(202)];
  const enrolment = signEnrolment(OPERATOR, { attestation, witness, nats });
  expect((await api.post('/v1/keys', enrolment)).ok).toBe(true);
  logKey = parseVkey((await (await api.get('/v1/log/key')).text()).trim());
  folder = join(directory, 'archive');
  const first = await lateRefusedAndRevoked();
  const others = builders.filter(({ operator }) => operator !== 'acme');
  rounds.push(first, await playRound(api, others, COMMIT));
  const experiment = { round: first, artifact: 'guestos/update-img', change: null };
  const about = await api.open({ experiment: { ...experiment, builder: builder('bits').id } });
  await play(about, 'bits');
  rounds.push(about, await declinedAndAmended(), await calibrated());
});

test('what honest rounds have as well keeps none of them out of an archive', async () => {
  expect((await archive()).toSorted()).toEqual(rounds.toSorted());
  const source = await connectDatabase(databaseUrl());
  attachArchive(source, new LogFolder(join(folder, 'log')));
  const { name: origin, publicKey } = logKey;
  const verifier = ed25519Verifier(origin, publicKey);
  const checked = await source.transaction('REPEATABLE READ', (manager) =>
    checkDatabase(manager, { origin, publicKey, verifier }),
  );
  expect(checked).toMatchObject({ finding: null, rounds: rounds.length });
  await source.destroy();
});
