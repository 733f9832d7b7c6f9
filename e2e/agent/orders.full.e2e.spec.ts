import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import {
  buildCancelStatement,
  openEnvelope,
  parseStatement,
  readDecline,
  signStatement,
  type Envelope,
  type Signer,
} from '#libs/attestation';
import { CancelAnswer, DeclineSubmitted, SUBJECTS, subjectFor } from '#libs/contracts';
import { askBuilder, connectNats } from '#libs/messaging';
import { playCoordinator } from '../../services/builder-agent/src/round.fixture.js';
import { openBench, type Bench } from './bench.js';
import { end, note, running } from './processes.js';
import { SCRIPT_HEAD } from './repository.js';

/** Hangs until it is ended. */
const HANGING = `${SCRIPT_HEAD}
sleep 600 & echo $$ $! > "$HOME/pids"
wait
`;
/** The same with a child in a session of its own that is deaf to SIGTERM. */
const DEAF = `${SCRIPT_HEAD}
sleep 600 & child=$!
setsid bash -c 'trap "" TERM; sleep 600 & wait; wait' & apart=$!
echo $$ $child $apart > "$HOME/pids"
wait
`;
const WARM = { BUILD_CACHE: 'warm' };
const PATIENCE = { timeout: 60_000, interval: 50 };

function cancelOf(round: string, builder: string, signer: Signer): Envelope {
  const at = new Date().toISOString();
  return signStatement(buildCancelStatement({ round, builder, reason: 'requested', at }), signer);
}

async function cancel(bench: Bench, order: Envelope): Promise<CancelAnswer> {
  const answer = await askBuilder(bench.connection, {
    ...{ subject: SUBJECTS.cancel, builder: bench.builder.id },
    ...{ body: JSON.stringify({ order }), timeoutMs: 40_000 },
  });
  return CancelAnswer.parse(answer.json());
}

const stoppedOf = async (bench: Bench, round: string): Promise<unknown> =>
  JSON.parse(await readFile(join(bench.dir, 'state/jobs', round, 'stopped.json'), 'utf8'));

test('an order to stop ends a build with all its processes, for good; a forged one does nothing', async () => {
  const bench = await openBench();
  const coordinator = playCoordinator();
  const agent = await bench.start(WARM);
  const round = await bench.dispatch(await bench.commit(DEAF));
  const pids = await note(bench.home, 'pids');
  onTestFinished(() => end(pids));
  const { id } = bench.builder;
  const forged = [
    cancelOf(round, id, playCoordinator(201).signer),
    cancelOf(round, id, bench.builder),
    cancelOf(round, 'aaaaa-bbbbb-cai', coordinator.signer),
    cancelOf('0'.repeat(64), id, coordinator.signer),
  ];
  for (const order of forged) expect((await cancel(bench, order)).outcome).toBe('refused');
  expect(await running(pids)).toHaveLength(3);

  const order = cancelOf(round, id, coordinator.signer);
  const { outcome, tookMs } = await cancel(bench, order);
  expect(outcome).toBe('stopped');
  expect(await running(pids)).toEqual([]);
  expect(tookMs).toBeLessThan(20_000);
  expect(await readdir(join(bench.dir, 'build'))).toEqual([]);
  expect((await cancel(bench, order)).outcome).toBe('not-running');
  expect(await stoppedOf(bench, round)).toMatchObject({ reason: 'requested' });

  // Neither the next start nor the same dispatch, come again, begins it anew.
  await agent.stop();
  await rm(join(bench.home, 'pids'));
  await bench.start(WARM);
  const next = await bench.dispatch(await bench.commit(`${SCRIPT_HEAD}exit 3\n`));
  expect(await bench.resultOf(next)).toMatchObject({ class: 'build-error' });
  expect(bench.committed()).toEqual([next]);
  expect(await readdir(bench.home)).not.toContain('pids');
});

test('a round that closes in mid-build frees its slot at once, and so does one that closed unseen', async () => {
  const bench = await openBench();
  const coordinator = playCoordinator();
  const agent = await bench.start(WARM);
  const [first, second] = [
    await bench.dispatch(await bench.commit(HANGING)),
    await bench.dispatch(await bench.commit(`${SCRIPT_HEAD}touch "$HOME/outdated"\nexit 4\n`)),
  ];
  const pids = await note(bench.home, 'pids');
  onTestFinished(() => end(pids));
  // Away, it misses that both rounds are over.
  const third = await bench.commit(`${SCRIPT_HEAD}exit 3\n`);
  await bench.whisper(SUBJECTS.roundClosed, { round: first, roundClose: coordinator.close(first) });
  await vi.waitFor(async () => {
    expect(await running(pids)).toEqual([]);
  }, PATIENCE);
  await agent.stop();
  await bench.whisper(SUBJECTS.roundClosed, {
    ...{ round: second, roundClose: coordinator.close(second) },
  });
  const open = await bench.dispatch(third);
  await rm(join(bench.home, 'outdated'), { force: true });
  await bench.start(WARM);
  expect(await bench.resultOf(open)).toMatchObject({ class: 'build-error' });
  for (const round of [first, second]) {
    expect(await stoppedOf(bench, round)).toMatchObject({ reason: 'round-closed' });
  }
  expect(bench.committed()).toEqual([open]);
  expect(await readdir(bench.home)).not.toContain('outdated');
});

/** Says that a registry does not answer, the first time; then fails for good. */
const PASSING = `${SCRIPT_HEAD}
if [ -e "$HOME/tried" ]; then exit 3; fi
touch "$HOME/tried"
echo 'Error: initializing source docker://ghcr.io/x: pinging container registry ghcr.io: i/o timeout'
exit 125
`;

test('what passes is tried again, and counted; a slot is free meanwhile', async () => {
  const bench = await openBench();
  await bench.start({ ...WARM, RETRY_SECONDS: '3' });
  const passing = await bench.dispatch(await bench.commit(PASSING));
  const other = await bench.dispatch(await bench.commit(`${SCRIPT_HEAD}exit 9\n`));
  await vi.waitFor(() => {
    expect(bench.committed()).toEqual([other]);
  }, PATIENCE);
  const tries: unknown = JSON.parse(
    await readFile(join(bench.dir, 'state/jobs', passing, 'tries.json'), 'utf8'),
  );
  expect(tries).toMatchObject({ count: 1, failures: [{ stage: 'build' }] });
  expect(await bench.resultOf(passing)).toMatchObject({ kind: 'failed', class: 'build-error' });
});

/** Runs until the spec says that it may end. */
const PATIENT = `${SCRIPT_HEAD}
echo $$ > "$HOME/begun-$$"
while [ ! -e "$HOME/go" ]; do sleep 0.1; done
exit 3
`;

test('two slots build two rounds at a time, each in a home of its own', async () => {
  const bench = await openBench();
  await bench.start({ BUILD_SLOTS: '2' });
  const go = (name: string): string =>
    `${SCRIPT_HEAD}touch "${bench.dir}/at-${name}"; while [ ! -e "${bench.dir}/at-b" ] || [ ! -e "${bench.dir}/at-a" ]; do sleep 0.1; done; exit 3\n`;
  // Each waits for the other: one after the other they would wait for ever.
  const rounds = [
    await bench.dispatch(await bench.commit(go('a'))),
    await bench.dispatch(await bench.commit(go('b'))),
  ];
  for (const round of rounds) {
    expect(await bench.resultOf(round)).toMatchObject({ class: 'build-error' });
  }
});

test('a paused agent declines what comes, a draining one finishes what it has, and ends', async () => {
  const bench = await openBench();
  const nats = await connectNats({ url: bench.natsUrl, name: 'spec' });
  onTestFinished(() => nats.close());
  const declined: Envelope[] = [];
  nats.subscribe(subjectFor(SUBJECTS.declined, bench.builder.id), {
    callback: (_, message) => {
      declined.push(DeclineSubmitted.parse(message.json()).envelope);
    },
  });
  await nats.flush();
  const agent = await bench.start(WARM);
  const round = await bench.dispatch(await bench.commit(PATIENT));
  await vi.waitFor(async () => {
    expect((await readdir(bench.home)).some((name) => name.startsWith('begun-'))).toBe(true);
  }, PATIENCE);
  await mkdir(join(bench.dir, 'state'), { recursive: true });
  await writeFile(join(bench.dir, 'state/paused'), 'the machine is needed\n');
  const refused = await bench.dispatch(await bench.commit(`${SCRIPT_HEAD}exit 8\n`));
  const envelope = await vi.waitUntil(() => declined[0], PATIENCE);
  const decline = readDecline(parseStatement(openEnvelope(envelope, bench.builder.publicKey)));
  expect(decline).toMatchObject({ round: refused, reason: 'paused' });

  process.kill(agent.pid, 'SIGUSR1');
  await writeFile(join(bench.home, 'go'), '');
  expect(await bench.resultOf(round)).toMatchObject({ class: 'build-error' });
  await bench.receiptOf(envelope);
  await agent.line(/drained: nothing is left to do/);
  await vi.waitFor(() => {
    expect(agent.isRunning).toBe(false);
  }, PATIENCE);
});
