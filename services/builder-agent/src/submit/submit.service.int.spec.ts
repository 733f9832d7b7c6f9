import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { isDeepStrictEqual } from 'node:util';
import { beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { envelopeDigest, type Envelope, type Signer } from '#libs/attestation';
import { CommitSubmitted, ResultSubmitted } from '#libs/contracts';
import { toBase64 } from '#libs/encoding';
import { useNats } from '#libs/testing';
import { configBelow, scratchDirectory, useConnection } from '../agent.fixture.js';
import { resultHead, seal } from '../build/seal.js';
import type { Job, Sealed } from '../jobs/job.js';
import { JobStoreService } from '../jobs/job-store.service.js';
import { ProgressService } from '../jobs/progress.service.js';
import { playCoordinator, signerOf } from '../round.fixture.js';
import { SubmitService } from './submit.service.js';

const COMMIT_TO = 'quorum.v1.from-builder.commit-submitted';
const RESULT_TO = 'quorum.v1.from-builder.result-submitted';
const [SECOND_MS, HOUR_MS] = [1_000, 3_600_000];

const natsUrl = useNats();
const played = playCoordinator();

const nats = useConnection(natsUrl, { hasStreams: true });

/** What one agent published: subject, message id and body, in order. */
interface Sent {
  readonly subject: string;
  readonly id: string | undefined;
  readonly body: unknown;
}

/** How far the clock of the pauses between two sends is ahead. */
let aheadMs: number;
let seeds = 0;
let builder: Signer;
let jobs: JobStoreService;
let dir: string;
let sent: Sent[];
beforeEach(async () => {
  aheadMs = 0;
  // It stands still unless it is set: a slow machine must not make a pause longer.
  const startedAt = Math.round(performance.now());
  const clock = vi.spyOn(performance, 'now').mockImplementation(() => startedAt + aheadMs);
  builder = signerOf((seeds += 1));
  dir = await scratchDirectory();
  jobs = new JobStoreService(configBelow(dir));
  const messages: Sent[] = (sent = []);
  const subscription = nats().subscribe(`quorum.v1.from-builder.*.${builder.id}`, {
    callback: (_, message) => {
      const id = message.headers?.get('Nats-Msg-Id');
      messages.push({ subject: message.subject, id, body: message.json() });
    },
  });
  await nats().flush();
  onTestFinished(() => {
    subscription.unsubscribe();
    clock.mockRestore();
  });
});

function startSubmit(more: Readonly<Record<string, string>> = {}): SubmitService {
  const progress = new ProgressService(nats(), builder);
  const config = configBelow(dir, more);
  const submit = new SubmitService(config, builder, played.coordinator, nats(), jobs, progress);
  onTestFinished(async () => {
    await submit.onApplicationShutdown();
  });
  return submit;
}

/** Makes a job that was built; the rounds are opened one day after the other. */
let days = 0;
async function sealedJob(): Promise<{ round: string; sealed: Sealed }> {
  days += 1;
  const openedAt = new Date(Date.UTC(2026, 0, days)).toISOString();
  const { round, envelope, open } = played.open([builder], { openedAt });
  await jobs.add(round, envelope);
  const job = (await jobs.find(round))!;
  const times = { startedAt: new Date(0), finishedAt: new Date(1) };
  const environment = { source: 'measured', facts: {}, withheld: [] } as const;
  const salt = toBase64(new Uint8Array(32).fill(days));
  const head = resultHead(job, builder, { ...environment, withheld: [] }, times, salt, null);
  const outcome = { kind: 'failed', stage: 'build', class: 'network', logSha256: null } as const;
  const sealed = seal({ ...job, open }, { ...head, ...outcome, message: '' }, builder);
  await jobs.seal(round, sealed);
  return { round, sealed };
}

const receiptOf = (envelope: Envelope): { envelopeSha256: string; proof: string } => ({
  envelopeSha256: envelopeDigest(envelope),
  proof: played.log(envelope, builder.publicKey),
});
const copiesOf = (envelope: Envelope): readonly Sent[] =>
  sent.filter(({ body }) => isDeepStrictEqual((body as { envelope?: unknown }).envelope, envelope));
const countOf = (envelope: Envelope): number => copiesOf(envelope).length;
const awaitCount = (envelope: Envelope, count: number): Promise<void> =>
  vi.waitFor(() => {
    expect(countOf(envelope)).toBe(count);
  }, 10_000);

/** Resolves when the service has gone through all jobs once more: a later job's commit went out. */
async function lookedThrough(submit: SubmitService): Promise<void> {
  const { sealed } = await sealedJob();
  submit.wake();
  await awaitCount(sealed.commit, 1);
}

async function jobOf(round: string): Promise<Job> {
  return (await jobs.find(round))!;
}

/** Puts on disk what lets a result go: the close, and the decision to show it. */
async function allowReveal(round: string): Promise<Envelope> {
  const reveal = played.close(round);
  await jobs.addClose(round, played.close(round), new Date());
  await jobs.show(round, { grounds: 'witnessed', reveal });
  return reveal;
}

describe('a commit', () => {
  test('is not sent by a look that began before its receipt came', async () => {
    const { round, sealed } = await sealedJob();
    const submit = startSubmit();
    submit.onModuleInit();
    await awaitCount(sealed.commit, 1);
    const pending = jobs.pending.bind(jobs);
    vi.spyOn(jobs, 'pending').mockImplementationOnce(async () => {
      const before = await pending();
      await submit.takeReceipts([receiptOf(sealed.commit)]);
      return before;
    });
    await lookedThrough(submit);
    expect((await jobOf(round)).commitReceipt).not.toBeNull();
    expect(countOf(sealed.commit)).toBe(1);
  });

  test('goes out at once, on the builder’s own subject, under the digest of its envelope', async () => {
    const { sealed } = await sealedJob();
    startSubmit().wake();
    await awaitCount(sealed.commit, 1);
    const [message] = sent;
    expect(message?.id).toBe(envelopeDigest(sealed.commit));
    expect(message?.subject).toBe(`${COMMIT_TO}.${builder.id}`);
    expect(CommitSubmitted.parse(message?.body)).toEqual({ envelope: sealed.commit });
  });

  test('goes out again after growing pauses until its receipt is on disk, and never after', async () => {
    const { round, sealed } = await sealedJob();
    const submit = startSubmit();
    submit.wake();
    await awaitCount(sealed.commit, 1);
    for (const [pauseMs, count] of [
      [4 * SECOND_MS, 1],
      [SECOND_MS, 2],
      [9 * SECOND_MS, 2],
      [SECOND_MS, 3],
      [HOUR_MS, 4],
    ] as const) {
      aheadMs += pauseMs;
      await lookedThrough(submit);
      expect(countOf(sealed.commit)).toBe(count);
    }
    await submit.takeReceipts([receiptOf(sealed.commit)]);
    expect((await jobOf(round)).commitReceipt).not.toBeNull();
    aheadMs += HOUR_MS;
    await lookedThrough(submit);
    expect(countOf(sealed.commit)).toBe(4);
    // Whoever used the first id for a message of his own gained nothing by it.
    expect(new Set(copiesOf(sealed.commit).map(({ id }) => id)).size).toBe(4);
  });

  test('goes out again by an agent that starts anew without its receipt', async () => {
    const { sealed } = await sealedJob();
    startSubmit().wake();
    await awaitCount(sealed.commit, 1);
    startSubmit().wake();
    await awaitCount(sealed.commit, 2);
  });
});

describe('a result', () => {
  test('stays here while the round is open, committed or not', async () => {
    const { round, sealed } = await sealedJob();
    const submit = startSubmit();
    submit.wake();
    await awaitCount(sealed.commit, 1);
    await submit.takeReceipts([receiptOf(sealed.commit)]);
    aheadMs += HOUR_MS;
    await lookedThrough(submit);
    expect(countOf(sealed.result)).toBe(0);
    await jobs.addClose(round, played.close(round), new Date());
    await lookedThrough(submit);
    expect(countOf(sealed.result)).toBe(0);
    // All that allows it has to be on disk: only then it survives a crash.
    const reveal = await allowReveal(round);
    submit.wake();
    await awaitCount(sealed.result, 1);
    const shown = sent.find(({ subject }) => subject === `${RESULT_TO}.${builder.id}`);
    expect(ResultSubmitted.parse(shown?.body)).toEqual({ envelope: sealed.result, reveal });
  });

  test('goes out without a statement where there is none to go with it', async () => {
    const { round, sealed } = await sealedJob();
    const submit = startSubmit();
    await submit.takeReceipts([receiptOf(sealed.commit)]);
    await jobs.addClose(round, played.close(round), new Date());
    await jobs.show(round, { grounds: 'unwitnessed', reveal: null });
    submit.wake();
    await awaitCount(sealed.result, 1);
    expect(sent.find(({ subject }) => subject.startsWith(RESULT_TO))?.body).toEqual({
      envelope: sealed.result,
    });
  });

  test('stays here after the close while its commit has no receipt', async () => {
    const { round, sealed } = await sealedJob();
    await allowReveal(round);
    const submit = startSubmit();
    submit.wake();
    await awaitCount(sealed.commit, 1);
    aheadMs += HOUR_MS;
    await lookedThrough(submit);
    expect(countOf(sealed.result)).toBe(0);
  });

  test('that the log has too leaves nothing to send, not even by an agent that starts anew', async () => {
    const { round, sealed } = await sealedJob();
    await allowReveal(round);
    const submit = startSubmit();
    await submit.takeReceipts([receiptOf(sealed.commit)]);
    submit.wake();
    await awaitCount(sealed.result, 1);
    await submit.takeReceipts([receiptOf(sealed.result)]);
    expect((await jobOf(round)).resultReceipt).not.toBeNull();
    const before = countOf(sealed.commit);
    aheadMs += HOUR_MS;
    await lookedThrough(submit);
    await lookedThrough(startSubmit());
    expect([countOf(sealed.commit), countOf(sealed.result)]).toEqual([before, 1]);
  });
});

describe('a receipt is taken only if it proves this very envelope in the coordinator’s log', () => {
  const otherLog = playCoordinator(201);
  const sameKeyOtherName = playCoordinator(200, 'other.invalid/log');
  const stranger = signerOf(250);

  test.each<[string, (sealed: Sealed) => string, string]>([
    ['garbage', () => 'c2sp.org/tlog-proof@v1', 'MALFORMED_PROOF_FILE'],
    [
      'a proof whose checkpoint another log signed',
      ({ commit }) => otherLog.log(commit, builder.publicKey),
      'NO_KNOWN_SIGNATURE',
    ],
    [
      'a proof of a log of another name, though of the same key',
      ({ commit }) => sameKeyOtherName.log(commit, builder.publicKey),
      'NO_KNOWN_SIGNATURE',
    ],
    [
      'a proof with a forged signature',
      ({ commit }) => forge(played.log(commit, builder.publicKey)),
      'BAD_SIGNATURE',
    ],
    [
      'a proof with an altered path',
      ({ commit }) => played.log(commit, builder.publicKey).replace(/^index \d+/m, 'index 0'),
      'BAD_PROOF',
    ],
    ['the proof of the result', ({ result }) => played.log(result, builder.publicKey), 'BAD_PROOF'],
    [
      'the proof of another’s leaf',
      ({ commit }) => played.log(commit, stranger.publicKey),
      'BAD_PROOF',
    ],
  ])(
    '%s is refused, nothing is stored, and others that came with it are',
    async (_, proofOf, code) => {
      const [{ round, sealed }, other] = [await sealedJob(), await sealedJob()];
      const submit = startSubmit();
      const [wrong, good] = [receiptOf(sealed.commit), receiptOf(other.sealed.commit)];
      const taking = submit.takeReceipts([{ ...wrong, proof: proofOf(sealed) }, good]);
      await expect(taking).rejects.toMatchObject({ name: 'TlogError', code });
      expect((await jobOf(other.round)).commitReceipt).toBe(good.proof);
      const { commitReceipt, resultReceipt } = await jobOf(round);
      expect([commitReceipt, resultReceipt]).toEqual([null, null]);
      // It is sent on, as if nothing had come.
      submit.wake();
      await awaitCount(sealed.commit, 1);
    },
  );

  test('one of an envelope that is not ours is passed over', async () => {
    const { round, sealed } = await sealedJob();
    const foreign = played.close(round);
    const proof = played.log(foreign, played.signer.publicKey);
    const submit = startSubmit();
    await submit.takeReceipts([{ envelopeSha256: envelopeDigest(foreign), proof }]);
    expect(await jobOf(round)).toMatchObject({ sealed, commitReceipt: null, resultReceipt: null });
  });

  test('the first one is kept', async () => {
    const { round, sealed } = await sealedJob();
    const submit = startSubmit();
    const [first, second] = [receiptOf(sealed.commit), receiptOf(sealed.commit)];
    await submit.takeReceipts([first]);
    await submit.takeReceipts([second]);
    expect((await jobOf(round)).commitReceipt).toBe(first.proof);
  });
});

describe('when the receipt is lost on the way', () => {
  /** Answers `GET /v1/attestations/…` and counts how often it was asked. */
  async function serve(answer: (path: string) => [status: number, body: unknown]): Promise<{
    readonly url: string;
    readonly asked: readonly string[];
  }> {
    const asked: string[] = [];
    const server = createServer((request, response) => {
      asked.push(request.url ?? '');
      const [status, body] = answer(request.url ?? '');
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    onTestFinished(() => {
      server.closeAllConnections();
      server.close();
    });
    return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
  }

  const logged = (envelope: Envelope, proof: string | null): unknown => ({
    ...{ envelope, proof, index: 1, kind: 'commit', builder: builder.id },
  });

  test('the coordinator is asked over HTTP before anything is sent again', async () => {
    const { round, sealed } = await sealedJob();
    const { envelopeSha256, proof } = receiptOf(sealed.commit);
    const { url, asked } = await serve(() => [200, logged(sealed.commit, proof)]);
    const submit = startSubmit({ COORDINATOR_URL: url });
    submit.wake();
    await awaitCount(sealed.commit, 1);
    expect(asked).toEqual([]);
    aheadMs += 5 * SECOND_MS;
    submit.wake();
    await vi.waitFor(async () => {
      expect((await jobOf(round)).commitReceipt).toBe(proof);
    }, 10_000);
    expect(asked).toEqual([`/v1/attestations/${envelopeSha256}`]);
    expect(countOf(sealed.commit)).toBe(1);
  });

  test.each<[string, (sealed: Sealed) => [number, unknown]]>([
    ['it does not have the envelope', () => [404, { type: 'not-found' }]],
    ['its checkpoint is not signed yet', ({ commit }) => [200, logged(commit, null)]],
    [
      'it gives a proof of another log',
      ({ commit }) => [200, logged(commit, playCoordinator(201).log(commit, builder.publicKey))],
    ],
    ['it answers something else', () => [200, { proof: 'yes' }]],
    ['it is broken', () => [500, null]],
  ])('and %s, the commit goes out again', async (_, answer) => {
    const { round, sealed } = await sealedJob();
    const { url, asked } = await serve(() => answer(sealed));
    const submit = startSubmit({ COORDINATOR_URL: url });
    submit.wake();
    await awaitCount(sealed.commit, 1);
    aheadMs += 5 * SECOND_MS;
    submit.wake();
    await awaitCount(sealed.commit, 2);
    expect(asked).toHaveLength(1);
    expect((await jobOf(round)).commitReceipt).toBeNull();
  });

  test('and nobody answers, the commit goes out again', async () => {
    const { sealed } = await sealedJob();
    const submit = startSubmit({ COORDINATOR_URL: 'http://127.0.0.1:1' });
    submit.wake();
    await awaitCount(sealed.commit, 1);
    aheadMs += 5 * SECOND_MS;
    submit.wake();
    await awaitCount(sealed.commit, 2);
  });
});

/** Replaces the signature of a proof's checkpoint by another of the same key id. */
function forge(proof: string): string {
  const at = proof.lastIndexOf(' ') + 1;
  const blob = Buffer.from(proof.slice(at), 'base64');
  blob[10] = (blob[10] ?? 0) ^ 1;
  return `${proof.slice(0, at)}${toBase64(blob)}\n`;
}
