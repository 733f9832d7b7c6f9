import { once } from 'node:events';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import {
  commitmentOf,
  openEnvelope,
  parseStatement,
  readReveal,
  type RoundOpen,
} from '#libs/attestation';
import { CloseEvidenceAsked, SUBJECTS, subjectFor, type CloseEvidence } from '#libs/contracts';
import { sha256 } from '#libs/encoding';
import { useNats } from '#libs/testing';
import { configBelow, scratchDirectory, useConnection } from '../agent.fixture.js';
import { nextStep, type Job } from '../jobs/job.js';
import { JobStoreService } from '../jobs/job-store.service.js';
import { ProgressService } from '../jobs/progress.service.js';
import { LogStateService } from '../witness/log-state.service.js';
import {
  BUILDER,
  closedRound,
  coordinator,
  policyOf,
  type ClosedRound,
} from './close-evidence.fixture.js';
import { EvidenceService } from './evidence.service.js';
import { RevealService } from './reveal.service.js';
import { SubmitService } from './submit.service.js';

const ASKS: Partial<RoundOpen> = { witnessing: { policy: policyOf(4, 3), fallbackSeconds: 3_600 } };
const natsUrl = useNats();

const nats = useConnection(natsUrl);

let dir: string;
let jobs: JobStoreService;
let state: LogStateService;
let clockMs: number;
beforeEach(async () => {
  dir = await scratchDirectory();
  jobs = new JobStoreService(configBelow(dir));
  state = new LogStateService(configBelow(dir), coordinator);
  clockMs = 0;
  const clock = vi.spyOn(performance, 'now').mockImplementation(() => clockMs);
  onTestFinished(() => {
    clock.mockRestore();
  });
});

/** Puts a round on disk whose result waits for nothing but the log. */
async function waitingJob(closed: ClosedRound, keptAt = new Date()): Promise<void> {
  await jobs.add(closed.round, closed.dispatch);
  await jobs.seal(closed.round, { result: closed.commit, commit: closed.commit });
  await jobs.addReceipt(closed.round, 'commitReceipt', 'proof');
  await jobs.addClose(closed.round, closed.close, keptAt);
}

function start(more: Readonly<Record<string, string>> = {}): RevealService {
  const config = configBelow(dir, more);
  const progress = new ProgressService(nats(), BUILDER);
  const submit = new SubmitService(config, BUILDER, coordinator, nats(), jobs, progress);
  const evidence = new EvidenceService(config, BUILDER, nats());
  const parts = [jobs, state, evidence, submit, progress] as const;
  const reveals = new RevealService(BUILDER, coordinator, nats(), ...parts);
  onTestFinished(async () => {
    await reveals.onApplicationShutdown();
    await submit.onApplicationShutdown();
  });
  return reveals;
}

/** Answers the agent's questions as its coordinator, and counts them. */
async function answer(
  give: (asked: CloseEvidenceAsked) => CloseEvidence | string | null,
): Promise<CloseEvidenceAsked[]> {
  const asked: CloseEvidenceAsked[] = [];
  const subscription = nats().subscribe(subjectFor(SUBJECTS.closeEvidence, BUILDER.id), {
    callback: (_, message) => {
      const question = CloseEvidenceAsked.parse(message.json());
      asked.push(question);
      message.respond(JSON.stringify(give(question)));
    },
  });
  await nats().flush();
  onTestFinished(() => {
    subscription.unsubscribe();
  });
  return asked;
}

/** Hears where the agent says that it stands. */
async function stages(): Promise<string[]> {
  const heard: string[] = [];
  const subscription = nats().subscribe(subjectFor(SUBJECTS.progress, BUILDER.id), {
    callback: (_, message) => {
      heard.push(message.string());
    },
  });
  await nats().flush();
  onTestFinished(() => {
    subscription.unsubscribe();
  });
  return heard;
}

/** Lets the service look once more, whatever pause it would make. */
async function lookAgain(reveals: RevealService, asked: readonly unknown[]): Promise<void> {
  const before = asked.length;
  clockMs += 60_000;
  reveals.wake();
  await vi.waitFor(() => {
    expect(asked.length).toBeGreaterThan(before);
  }, 10_000);
}

const jobOf = async (round: string): Promise<Job> => (await jobs.find(round))!;
const awaitShown = (round: string): Promise<Job> =>
  vi.waitFor(async () => {
    const job = await jobOf(round);
    expect(job.shown).not.toBeNull();
    return job;
  }, 10_000);
const stateText = (): Promise<string> =>
  readFile(join(dir, 'state/witness', sha256(coordinator.origin)), 'utf8');

describe('a result is shown', () => {
  test('on a witnessed checkpoint, with a signed statement of exactly what was seen', async () => {
    const closed = closedRound(ASKS);
    await waitingJob(closed);
    const evidence = closed.evidence(0, 3);
    const asked = await answer(() => evidence);
    start().wake();
    const { shown, round } = await awaitShown(closed.round);
    expect(shown?.grounds).toBe('witnessed');
    const payload = openEnvelope(shown!.reveal!, BUILDER.publicKey);
    expect(readReveal(parseStatement(payload))).toEqual({
      ...{ round, builder: BUILDER.id, commitment: commitmentOf(closed.commit) },
      ...{ commitIndex: closed.commitIndex, closeIndex: closed.closeIndex },
      checkpoint: evidence.checkpoint,
    });
    expect(asked).toEqual([{ round, builder: BUILDER.id, oldSize: 0 }]);
    expect(await stateText()).toBe(evidence.checkpoint);
    expect(nextStep(await jobOf(round))).toBe('reveal');
  });

  test('once enough witnesses have cosigned; until then the agent asks again and again', async () => {
    const closed = closedRound(ASKS);
    await waitingJob(closed);
    let cosigners = 0;
    const asked = await answer(({ oldSize }) => closed.evidence(oldSize, cosigners));
    const reveals = start();
    reveals.wake();
    await lookAgain(reveals, asked);
    cosigners = 2;
    await lookAgain(reveals, asked);
    expect((await jobOf(closed.round)).shown).toBeNull();
    cosigners = 3;
    await lookAgain(reveals, asked);
    expect((await awaitShown(closed.round)).shown?.grounds).toBe('witnessed');
    // From the second time on, growth from what was seen is asked for.
    expect(new Set(asked.map(({ oldSize }) => oldSize))).toEqual(new Set([0, closed.log.size]));
  });

  test('after the fallback time, counted from the close on disk, over a restart', async () => {
    const closed = closedRound(ASKS);
    await waitingJob(closed, new Date(Date.now() - 3_600_000));
    await answer(({ oldSize }) => closed.evidence(oldSize, 2));
    start().wake();
    expect((await awaitShown(closed.round)).shown?.grounds).toBe('fallback');
  });

  test('by an agent whose older version kept the close without its time: from now on', async () => {
    const closed = closedRound(ASKS);
    await waitingJob(closed);
    await rm(join(jobs.folder(closed.round), 'close-kept.json'));
    const asked = await answer(({ oldSize }) => closed.evidence(oldSize, 0));
    const reveals = start();
    reveals.wake();
    await lookAgain(reveals, asked);
    expect((await jobOf(closed.round)).closeKeptAt).not.toBeNull();
  });

  test('without a statement where its commit came too late: it counts for nothing', async () => {
    const closed = closedRound(ASKS, undefined, true);
    await waitingJob(closed);
    await answer(({ oldSize }) => closed.evidence(oldSize, 3));
    start().wake();
    expect((await awaitShown(closed.round)).shown).toEqual({ grounds: 'witnessed', reveal: null });
  });

  test('on evidence over HTTP where NATS has no answer', async () => {
    const closed = closedRound(ASKS);
    await waitingJob(closed);
    const urls: string[] = [];
    const server = createServer((request, response) => {
      urls.push(request.url ?? '');
      response.end(JSON.stringify(closed.evidence(0, 4)));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    onTestFinished(() => {
      server.close();
    });
    const { port } = server.address() as AddressInfo;
    start({ COORDINATOR_URL: `http://127.0.0.1:${port}` }).wake();
    await awaitShown(closed.round);
    expect(urls).toEqual([
      `/v1/rounds/${closed.round}/close-evidence?builder=${BUILDER.id}&oldSize=0`,
    ]);
  });

  test('once: an agent that starts anew shows it on the same statement', async () => {
    const closed = closedRound();
    await waitingJob(closed);
    const asked = await answer(({ oldSize }) => closed.evidence(oldSize));
    start().wake();
    const { shown } = await awaitShown(closed.round);
    clockMs += 60_000;
    start().wake();
    const again = start();
    again.wake();
    await again.onApplicationShutdown();
    expect((await jobOf(closed.round)).shown).toEqual(shown);
    expect(asked).toHaveLength(1);
  });
});

test('a connection that is back is asked over at once, whatever pause was to be made', async () => {
  const closed = closedRound(ASKS);
  await waitingJob(closed);
  let isLogged = false;
  const asked = await answer(({ oldSize }) => (isLogged ? closed.evidence(oldSize, 4) : null));
  const reveals = start();
  reveals.onModuleInit();
  await vi.waitFor(() => {
    expect(asked).toHaveLength(1);
  }, 10_000);
  isLogged = true;
  await nats().reconnect();
  await awaitShown(closed.round);
});

describe('a result is withheld', () => {
  test.each<[string, (closed: ClosedRound) => CloseEvidence | string | null]>([
    ['while there is no evidence', () => null],
    ['while something else is answered', () => 'later'],
    ['on the evidence of another round', () => closedRound(ASKS).evidence(0, 4)],
  ])('%s', async (_, give) => {
    const closed = closedRound(ASKS);
    await waitingJob(closed, new Date(0));
    const asked = await answer(() => give(closed));
    const reveals = start();
    reveals.wake();
    await lookAgain(reveals, asked);
    await lookAgain(reveals, asked);
    expect((await jobOf(closed.round)).shown).toBeNull();
  });

  test('in a round without witnesses on a close alone, whose time passes; once the log holds it, it is shown', async () => {
    // A close that was signed for one builder: nobody else sees it before a crony has committed.
    const closed = closedRound();
    const revealMs = closed.open.revealSeconds * 1_000;
    await waitingJob(closed, new Date(Date.now() - revealMs));
    const heard = await stages();
    let isLogged = false;
    const asked = await answer(({ oldSize }) => (isLogged ? closed.evidence(oldSize) : null));
    const reveals = start();
    reveals.wake();
    await lookAgain(reveals, asked);
    await lookAgain(reveals, asked);
    await vi.waitFor(() => {
      expect(heard.join()).toContain('"withheld"');
    }, 10_000);
    expect((await jobOf(closed.round)).shown).toBeNull();
    isLogged = true;
    await lookAgain(reveals, asked);
    expect((await awaitShown(closed.round)).shown?.grounds).toBe('unwitnessed');
  });

  test('in a round without witnesses while nobody answers; over a restart it is shown on the first answer', async () => {
    const closed = closedRound();
    await waitingJob(closed, new Date(0));
    const heard = await stages();
    const first = start();
    first.wake();
    await vi.waitFor(() => {
      expect(heard.join()).toContain('"withheld"');
    }, 10_000);
    await first.onApplicationShutdown();
    expect((await jobOf(closed.round)).shown).toBeNull();
    await answer(({ oldSize }) => closed.evidence(oldSize));
    start().wake();
    expect((await awaitShown(closed.round)).shown?.grounds).toBe('unwitnessed');
  });

  test('when the log forked since this agent cosigned it; both notes and the evidence are kept', async () => {
    const closed = closedRound(ASKS);
    await waitingJob(closed, new Date(0));
    const fork = closed.log.fork(2);
    for (let leaf = 0; leaf < 3; leaf += 1) fork.append(`another leaf ${leaf}`);
    await state.update(() => ({ keep: fork.note(), answer: null }));
    const heard = await stages();
    const asked = await answer(() => closed.evidence(0, 4));
    const reveals = start();
    reveals.wake();
    await vi.waitFor(() => {
      expect(heard.join()).toContain('"withheld"');
    }, 10_000);
    await lookAgain(reveals, asked);
    expect(await jobOf(closed.round)).toMatchObject({ shown: null, isContradicted: true });
    expect(await stateText()).toBe(fork.note());
    const folder = join(dir, 'state/witness');
    const [name = ''] = (await readdir(folder)).filter((each) => each.startsWith('fork-'));
    expect(JSON.parse(await readFile(join(folder, name), 'utf8'))).toMatchObject({
      ...{ isProvenFork: true, seen: fork.note() },
    });
  });

  test('while what this agent last saw cannot be read', async () => {
    const closed = closedRound(ASKS);
    await waitingJob(closed);
    await state.update(() => ({ keep: closed.log.note(2), answer: null }));
    await writeFile(join(dir, 'state/witness', sha256(coordinator.origin)), '\0\0');
    const asked = await answer(({ oldSize }) => closed.evidence(oldSize, 4));
    const reveals = start();
    reveals.wake();
    clockMs += 60_000;
    await reveals.onApplicationShutdown();
    expect(asked).toEqual([]);
    expect((await jobOf(closed.round)).shown).toBeNull();
  });
});
