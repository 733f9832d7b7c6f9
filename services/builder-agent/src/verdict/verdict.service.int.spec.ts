import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import {
  envelopeDigest,
  jointStatement,
  openEnvelope,
  parseStatement,
  readVerdictRefusal,
  unverifiedPayload,
  verifyJoint,
  type Envelope,
} from '#libs/attestation';
import { VerdictAnswered } from '#libs/contracts';
import { sha256 } from '#libs/encoding';
import { recomputeVerdict } from '#libs/evidence';
import { useNats } from '#libs/testing';
import { encodeTile, formatVkey, parseTilePath } from '#libs/tlog';
import { fiveHands, goodRound, HandRound } from '../../../../libs/evidence/src/bundle.fixture.js';
import { verifyCertificate } from '../../../../libs/evidence/src/audit.fixture.js';
import { COORDINATOR, MemoryLog, ORIGIN } from '../../../../libs/evidence/src/log.fixture.js';
import { configBelow, scratchDirectory, useConnection } from '../agent.fixture.js';
import { coordinatorOf } from '../jobs/coordinator-identity.js';
import { JobStoreService } from '../jobs/job-store.service.js';
import { ProgressService } from '../jobs/progress.service.js';
import { playCoordinator } from '../round.fixture.js';
import { SubmitService } from '../submit/submit.service.js';
import { LogGrowthService } from '../witness/log-growth.service.js';
import { LogStateService } from '../witness/log-state.service.js';
import { VerdictService } from './verdict.service.js';

const coordinator = coordinatorOf(formatVkey(ORIGIN, COORDINATOR.publicKey));
const good = goodRound();
const BUILDER = good.hands[0]!.signer;
const natsUrl = useNats();

const nats = useConnection(natsUrl, { hasStreams: true });

let dir: string;
let jobs: JobStoreService;
let state: LogStateService;
/** The log whose tiles are served; null while they are not. */
let tiles: MemoryLog | null;
let clockMs: number;
/** Has the verdict service look through its jobs at once. */
let wake: () => void;
let sent: { id: string | undefined; body: unknown }[];
beforeEach(async () => {
  dir = await scratchDirectory();
  jobs = new JobStoreService(configBelow(dir));
  state = new LogStateService(configBelow(dir), coordinator);
  tiles = null;
  clockMs = 0;
  sent = [];
  const messages = sent;
  const clock = vi.spyOn(performance, 'now').mockImplementation(() => clockMs);
  const subject = `quorum.v1.from-builder.verdict-answered.${BUILDER.id}`;
  const subscription = nats().subscribe(subject, {
    callback: (_, message) => {
      messages.push({ id: message.headers?.get('Nats-Msg-Id'), body: message.json() });
    },
  });
  await nats().flush();
  onTestFinished(() => {
    subscription.unsubscribe();
    clock.mockRestore();
  });
});

const entryOf = ({ log }: HandRound, wanted: string): Envelope =>
  log.entries.find(({ kind }) => kind === wanted)!.envelope;

/** A tile of a log of fewer than 256 leaves. */
function tileOf(log: MemoryLog, path: string): Uint8Array {
  const { level, width } = parseTilePath(path);
  const read = log.reader();
  return encodeTile(
    Array.from({ length: width }, (_, at) =>
      read({ level: Number(level) * 8, index: BigInt(at) })!,
    ),
  );
}

/** Serves what a coordinator would, answer by answer; the last one for ever. */
async function serve(...answers: readonly (readonly [number, string])[]): Promise<string[]> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const path = request.url ?? '';
    if (path.startsWith('/v1/log/tile/')) {
      response.writeHead(tiles === null ? 503 : 200);
      response.end(tiles === null ? '' : tileOf(tiles, path.slice('/v1/log/'.length)));
      return;
    }
    const [status, body] = answers[Math.min(asked.length, answers.length - 1)]!;
    asked.push(path);
    response.writeHead(status).end(body);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  const config = configBelow(dir, { COORDINATOR_URL: `http://127.0.0.1:${port}` });
  const progress = new ProgressService(nats(), BUILDER);
  const offline = configBelow(dir);
  const submit = new SubmitService(offline, BUILDER, coordinator, nats(), jobs, progress);
  const growth = new LogGrowthService(config, state);
  const verdicts = new VerdictService(
    ...([config, BUILDER, coordinator, verifyCertificate, jobs, submit, growth] as const),
  );
  verdicts.onModuleInit();
  wake = () => {
    verdicts.wake();
  };
  onTestFinished(async () => {
    await verdicts.onApplicationShutdown();
    await submit.onApplicationShutdown();
  });
  return asked;
}

async function decidedJob(round: HandRound): Promise<void> {
  await jobs.add(round.round, entryOf(round, 'round-open'));
  await jobs.addVerdict(round.round, entryOf(round, 'verdict'));
}

/** Lets the pause pass that there is between two looks. */
function lookAgain(): void {
  clockMs += 1_000_000;
  wake();
}

const awaitAnswer = (round: string): Promise<Envelope> =>
  vi.waitFor(
    async () => {
      lookAgain();
      const job = (await jobs.find(round))!;
      expect(job.answer).not.toBeNull();
      return job.answer!;
    },
    { timeout: 20_000, interval: 25 },
  );

test('a true verdict is countersigned, byte for byte, and the answer is sent until it has a receipt', async () => {
  await decidedJob(good);
  const asked = await serve([409, ''], [200, good.bundle()]);
  const answer = await awaitAnswer(good.round);
  expect(asked).toEqual([`/v1/rounds/${good.round}/bundle`, `/v1/rounds/${good.round}/bundle`]);
  const verdict = entryOf(good, 'verdict');
  expect(answer.payload).toBe(verdict.payload);
  const joint = jointStatement(verdict, [{ envelope: answer, publicKey: BUILDER.publicKey }]);
  expect(verifyJoint(joint, [BUILDER.publicKey], 1)).toMatchObject({});
  await vi.waitFor(() => {
    expect(sent).toHaveLength(1);
  }, 10_000);
  expect(sent[0]?.id).toBe(envelopeDigest(answer));
  expect(VerdictAnswered.parse(sent[0]?.body)).toEqual({ round: good.round, envelope: answer });
});

test('a verdict that the coordinator falsified is refused, with what the log gives', async () => {
  const round = new HandRound(new MemoryLog(), fiveHands(['bad', 'bad', 'bad']));
  for (const hand of round.hands) round.commit(hand);
  round.close();
  const note = round.log.note();
  for (const hand of round.hands) round.reveal(hand, note);
  const head = { origin: ORIGIN, coordinatorKeyId: COORDINATOR.keyId, version: '0.1.0' };
  const truth = recomputeVerdict(round.replay(), {
    ...head,
    decidedAt: '2026-01-02T06:10:00.000Z',
  });
  const predicate = { ...truth.predicate, verificationResult: 'PASSED' };
  round.log.append('verdict', { ...truth, predicate });
  await decidedJob(round);
  await serve([200, round.bundle()]);
  const refusal = readVerdictRefusal(
    parseStatement(openEnvelope(await awaitAnswer(round.round), BUILDER.publicKey)),
  );
  expect(refusal).toMatchObject({
    ...{ round: round.round, builder: BUILDER.id, reason: 'recomputed-otherwise' },
    message: expect.stringContaining('guestos/update-img contradicted') as unknown,
  });
});

test('a verdict in a fork that leaves out reveals which this agent cosigned is refused; both notes are kept', async () => {
  const [honest, forked] = [1, 2].map(() => {
    const round = new HandRound(new MemoryLog(), fiveHands(['bad', 'bad', 'bad']));
    for (const hand of round.hands) round.commit(hand);
    round.close();
    return round;
  }) as [HandRound, HandRound];
  const note = honest.log.note();
  for (const hand of honest.hands) honest.reveal(hand, note);
  forked.reveal(forked.hands[0]!, note);
  forked.decide();
  const cosigned = honest.log.note();
  await state.update(() => ({ keep: cosigned, answer: null }));
  await decidedJob(forked);
  tiles = honest.log;
  await serve([200, forked.bundle()]);
  const payload = openEnvelope(await awaitAnswer(forked.round), BUILDER.publicKey);
  expect(readVerdictRefusal(parseStatement(payload))).toMatchObject({
    ...{ reason: 'evidence-bad', message: expect.stringMatching(/^log-inconsistent: /) as unknown },
  });
  const names = await readdir(state.folder());
  const fork = await readFile(
    join(
      state.folder(),
      names.find((it) => /^fork-/.test(it))!,
    ),
    'utf8',
  );
  expect(JSON.parse(fork)).toMatchObject({ seen: cosigned, shown: forked.log.note(0) });
});

test('a verdict in a tree of which nothing is known yet is answered once it is', async () => {
  await state.update(() => ({ keep: good.log.note(0, 3), answer: null }));
  await decidedJob(good);
  const asked = await serve([200, good.bundle()]);
  await vi.waitFor(
    () => {
      lookAgain();
      expect(asked.length).toBeGreaterThan(4);
    },
    { timeout: 20_000, interval: 25 },
  );
  expect((await jobs.find(good.round))?.answer).toBeNull();
  tiles = good.log;
  expect((await awaitAnswer(good.round)).payload).toBe(entryOf(good, 'verdict').payload);
  expect(await readFile(join(state.folder(), sha256(ORIGIN)), 'utf8')).toBe(good.log.note(0));
});

test('a bundle that is torn is fetched again; one that stays bad is refused', async () => {
  await decidedJob(good);
  const lines = good.bundle().split('\n');
  const torn = lines.toSpliced(lines.length - 3, 1).join('\n');
  const asked = await serve([200, torn], [200, torn], [200, good.bundle()]);
  expect((await awaitAnswer(good.round)).payload).toBe(entryOf(good, 'verdict').payload);
  expect(asked).toHaveLength(3);
});

test('evidence that is bad again and again is said to be', async () => {
  await decidedJob(good);
  const lines = good.bundle().split('\n');
  const torn = lines.toSpliced(lines.length - 3, 1).join('\n');
  await serve([200, torn]);
  const payload = unverifiedPayload(await awaitAnswer(good.round));
  expect(readVerdictRefusal(parseStatement(payload)).reason).toBe('evidence-bad');
});

test('what is no bundle of the log is never answered', async () => {
  await decidedJob(good);
  const asked = await serve([200, '<html>'], [500, ''], [200, '']);
  await vi.waitFor(
    () => {
      lookAgain();
      expect(asked.length).toBeGreaterThan(4);
    },
    { timeout: 20_000, interval: 25 },
  );
  expect((await jobs.find(good.round))?.answer).toBeNull();
});

test('an answer’s receipt ends its sending', async () => {
  const played = playCoordinator();
  const signer = BUILDER;
  const { round, envelope } = played.open([signer]);
  await jobs.add(round, envelope);
  const answer = played.decide(round);
  await jobs.answer(round, answer);
  const progress = new ProgressService(nats(), signer);
  const config = configBelow(dir);
  const submit = new SubmitService(config, signer, played.coordinator, nats(), jobs, progress);
  onTestFinished(async () => {
    await submit.onApplicationShutdown();
  });
  const proof = played.log(answer, signer.publicKey);
  await submit.takeReceipts([{ envelopeSha256: envelopeDigest(answer), proof }]);
  expect((await jobs.find(round))?.answerReceipt).toBe(proof);
});
