import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { envelopeDigest, type Envelope } from '#libs/attestation';
import { CloseEvidenceAsked, ResultSubmitted, SUBJECTS, subjectFor } from '#libs/contracts';
import { makeResult, signCommit, signResult, useNats } from '#libs/testing';
import { verifyCertificate } from '../../../../libs/evidence/src/audit.fixture.js';
import { configBelow, scratchDirectory, useConnection } from '../agent.fixture.js';
import { makeJobDesk } from '../jobs/desk.fixture.js';
import { nextStep, type Job, type Sealed } from '../jobs/job.js';
import { JobStoreService } from '../jobs/job-store.service.js';
import { ProgressService } from '../jobs/progress.service.js';
import { playCoordinator, seatOf, signerOf, type OpenedRound } from '../round.fixture.js';
import { VerdictService } from '../verdict/verdict.service.js';
import { LogGrowthService } from '../witness/log-growth.service.js';
import { LogStateService } from '../witness/log-state.service.js';
import { EvidenceService } from './evidence.service.js';
import { RevealService } from './reveal.service.js';
import { SubmitService } from './submit.service.js';

const natsUrl = useNats();
const played = playCoordinator();
const old = signerOf(1);
/** The same builder after a rotation: the old key is not on this machine any more. */
const builder = { ...signerOf(2), id: old.id };

const nats = useConnection(natsUrl, { hasStreams: true });

let dir: string;
let jobs: JobStoreService;
beforeEach(async () => {
  dir = await scratchDirectory();
  jobs = new JobStoreService(configBelow(dir));
});

/** What the old key had made of a round before the agent was stopped. */
async function sealedBefore({ round, envelope, open }: OpenedRound): Promise<Sealed> {
  await jobs.add(round, envelope);
  const result = signResult(makeResult({ round, release: open.release, builder: old.id }), old);
  const sealed = { result, commit: signCommit(round, result, old) };
  await jobs.seal(round, sealed);
  return sealed;
}

/** The rotated agent, as far as it sends and shows. */
function start(more: Readonly<Record<string, string>> = {}) {
  const config = configBelow(dir, more);
  const { coordinator } = played;
  const progress = new ProgressService(nats(), builder);
  const submit = new SubmitService(configBelow(dir), builder, coordinator, nats(), jobs, progress);
  const state = new LogStateService(config, coordinator);
  const evidence = new EvidenceService(config, builder, nats());
  const parts = [jobs, state, evidence, submit, progress] as const;
  const reveals = new RevealService(builder, coordinator, nats(), ...parts);
  const growth = new LogGrowthService(config, state);
  const verdicts = new VerdictService(
    ...([config, builder, coordinator, verifyCertificate, jobs, submit, growth] as const),
  );
  onTestFinished(async () => {
    await verdicts.onApplicationShutdown();
    await reveals.onApplicationShutdown();
    await submit.onApplicationShutdown();
  });
  return { submit, reveals, verdicts };
}

const jobOf = async (round: string): Promise<Job> => (await jobs.find(round))!;
const receiptOf = (envelope: Envelope) => ({
  envelopeSha256: envelopeDigest(envelope),
  proof: played.log(envelope, old.publicKey),
});

test('a result that the old key had committed to is shown, to its receipt, without the old key', async () => {
  const opened = played.open([old]);
  const { round } = opened;
  const { commit, result } = await sealedBefore(opened);
  const sent: unknown[] = [];
  const heard = nats().subscribe(subjectFor(SUBJECTS.resultSubmitted, builder.id), {
    callback: (_, message) => {
      sent.push(message.json());
    },
  });
  const answered = nats().subscribe(subjectFor(SUBJECTS.closeEvidence, builder.id), {
    callback: (_, message) => {
      const { oldSize } = CloseEvidenceAsked.parse(message.json());
      message.respond(JSON.stringify(played.evidence(oldSize, commit, close)));
    },
  });
  await nats().flush();
  onTestFinished(() => {
    heard.unsubscribe();
    answered.unsubscribe();
  });
  const close = played.close(round);
  const { submit, reveals } = start();
  // The commit was logged, and its receipt comes only now.
  await submit.takeReceipts([receiptOf(commit)]);
  expect((await jobOf(round)).commitReceipt).not.toBeNull();
  await jobs.addClose(round, close, new Date());
  reveals.wake();
  await vi.waitFor(async () => {
    expect((await jobOf(round)).shown).not.toBeNull();
  }, 10_000);
  expect(await jobOf(round)).toMatchObject({ isContradicted: false, shown: { reveal: null } });
  await vi.waitFor(() => {
    expect(sent).toHaveLength(1);
  }, 10_000);
  // Neither reveal nor link: by the new key they would have the result refused.
  expect(ResultSubmitted.parse(sent[0])).toEqual({ envelope: result });
  await submit.takeReceipts([receiptOf(result)]);
  expect(nextStep(await jobOf(round))).toBe('done');
});

test('who drains stays until what the old key had committed to is shown, and for nothing else of it', async () => {
  const [committed, unlogged] = [
    played.open([old], { openedAt: '2026-09-01T00:00:00Z' }),
    played.open([old], { openedAt: '2026-09-02T00:00:00Z' }),
  ];
  const { commit, result } = await sealedBefore(committed);
  await sealedBefore(unlogged);
  const { runner, submit } = makeJobDesk(configBelow(dir), builder, played.coordinator, nats());
  expect((await runner.workload()).isDone).toBe(true);
  await submit.takeReceipts([receiptOf(commit)]);
  expect((await runner.workload()).isDone).toBe(false);
  await jobs.addClose(committed.round, played.close(committed.round), new Date());
  expect((await runner.workload()).isDone).toBe(false);
  await submit.takeReceipts([receiptOf(result)]);
  expect((await runner.workload()).isDone).toBe(true);
});

test('a verdict on a round of the old key is not answered, one on a round of the new key is', async () => {
  const [before, after] = [
    played.open([old], { openedAt: '2026-09-01T00:00:00Z' }),
    played.open([], { openedAt: '2026-09-02T00:00:00Z', roster: [seatOf(builder)] }),
  ];
  for (const { round, envelope } of [before, after]) {
    await jobs.add(round, envelope);
    await jobs.addVerdict(round, played.decide(round));
  }
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url ?? '');
    response.writeHead(409).end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  start({ COORDINATOR_URL: `http://127.0.0.1:${port}` }).verdicts.wake();
  await vi.waitFor(() => {
    expect(asked).not.toEqual([]);
  }, 10_000);
  expect(asked).toEqual([`/v1/rounds/${after.round}/bundle`]);
});
