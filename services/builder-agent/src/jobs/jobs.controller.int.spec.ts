import { Logger } from '@nestjs/common';
import { ClientProxyFactory, Transport } from '@nestjs/microservices';
import type { NatsConnection } from '@nats-io/transport-node';
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { roundOpenStatement, signStatement } from '#libs/attestation';
import { connectNats } from '#libs/messaging';
import { natsUrl } from '#libs/testing';
import { configBelow, scratchDirectory } from '../agent.fixture.js';
import { RebuildService } from '../build/rebuild.service.js';
import { KeptStoreService } from '../explain/kept-store.service.js';
import { ManifestsService } from '../explain/manifests.service.js';
import { playCoordinator, signerOf } from '../round.fixture.js';
import { EvidenceService } from '../submit/evidence.service.js';
import { RevealService } from '../submit/reveal.service.js';
import { SubmitService } from '../submit/submit.service.js';
import { JobRunnerService } from './job-runner.service.js';
import { JobsController } from './jobs.controller.js';
import { JobStoreService } from './job-store.service.js';
import { ProgressService } from './progress.service.js';
import { VerdictService } from '../verdict/verdict.service.js';
import { LogStateService } from '../witness/log-state.service.js';

const builder = signerOf(1);
const played = playCoordinator();
const impostor = playCoordinator(201);
const DONE = { kind: 'done' };

let nats: NatsConnection;
beforeAll(async () => {
  Logger.overrideLogger(false);
  nats = await connectNats({ url: natsUrl(), name: 'spec' });
});
afterAll(() => nats.close());

let jobs: JobStoreService;
let controller: JobsController;
beforeEach(async () => {
  const dir = await scratchDirectory();
  // A host that nobody answers for: what is taken up is soon given up.
  const config = configBelow(dir, { GIT_URL: 'http://127.0.0.1:1/ic.git', CDN_BASES: '' });
  const client = ClientProxyFactory.create({
    transport: Transport.NATS,
    options: { servers: natsUrl() },
  });
  const { coordinator } = played;
  jobs = new JobStoreService(config);
  const progress = new ProgressService(client, builder);
  const submit = new SubmitService(config, builder, coordinator, nats, jobs, progress);
  const manifests = new ManifestsService(config, jobs, new KeptStoreService(config), progress);
  const rebuilds = new RebuildService(config, {}, jobs, progress, manifests);
  const runner = new JobRunnerService(config, builder, {}, jobs, rebuilds, submit, progress, null);
  const state = new LogStateService(config, coordinator);
  const evidence = new EvidenceService(config, builder, nats);
  const reveals = new RevealService(
    ...([builder, coordinator, jobs, state, evidence, submit, progress] as const),
  );
  const verdicts = new VerdictService(config, builder, coordinator, jobs, submit);
  controller = new JobsController(
    ...([jobs, runner, submit, reveals, verdicts, builder, coordinator] as const),
  );
  onTestFinished(async () => {
    await runner.onApplicationShutdown();
    await reveals.onApplicationShutdown();
    await submit.onApplicationShutdown();
    await client.close();
  });
});

const known = async (): Promise<string[]> => (await jobs.all()).map(({ round }) => round);

describe('a dispatch', () => {
  test('of the coordinator is acknowledged once it is on disk', async () => {
    const { round, envelope } = played.open([builder]);
    expect(await controller.buildRequested({ roundOpen: envelope })).toEqual(DONE);
    expect(await known()).toEqual([round]);
  });

  test('that comes again changes nothing', async () => {
    const { round, envelope } = played.open([builder]);
    await controller.buildRequested({ roundOpen: envelope });
    expect(await controller.buildRequested({ roundOpen: envelope })).toEqual(DONE);
    expect(await known()).toEqual([round]);
  });

  test.each([
    ['signed by another coordinator', impostor.open([builder]).envelope, 'BAD_SIGNATURE'],
    [
      'signed by an invited builder',
      signStatement(roundOpenStatement(played.open([builder]).open), builder),
      'BAD_SIGNATURE',
    ],
    ['for others', played.open([signerOf(2)]).envelope, 'WRONG_BUILDER'],
    ['that is a close', played.close('0'.repeat(64)), 'WRONG_KIND'],
  ])('%s is dropped, and leaves nothing', async (_, roundOpen, reason) => {
    expect(await controller.buildRequested({ roundOpen })).toEqual({ kind: 'drop', reason });
    expect(await known()).toEqual([]);
  });

  test.each([null, {}, { roundOpen: 'x' }, { roundOpen: {}, force: true }, 'text'])(
    'that has another form is dropped: %j',
    async (data) => {
      expect(await controller.buildRequested(data)).toMatchObject({ kind: 'drop' });
      expect(await known()).toEqual([]);
    },
  );
});

describe('a close', () => {
  test('of the coordinator is acknowledged once it is on disk', async () => {
    const { round, envelope } = played.open([builder]);
    await controller.buildRequested({ roundOpen: envelope });
    const roundClose = played.close(round);
    expect(await controller.roundClosed({ round, roundClose })).toEqual(DONE);
    expect((await jobs.find(round))?.roundClose).toEqual(roundClose);
  });

  test('that overtakes its dispatch is not lost', async () => {
    const { round, envelope } = played.open([builder]);
    const roundClose = played.close(round);
    expect(await controller.roundClosed({ round, roundClose })).toEqual(DONE);
    await controller.buildRequested({ roundOpen: envelope });
    expect((await jobs.find(round))?.roundClose).toEqual(roundClose);
  });

  test.each([
    ['by another coordinator', (round: string) => impostor.close(round), 'BAD_SIGNATURE'],
    ['of another round', () => played.close('1'.repeat(64)), 'WRONG_ROUND'],
  ])('%s is dropped: it would have a result shown too early', async (_, closeOf, reason) => {
    const { round, envelope } = played.open([builder]);
    await controller.buildRequested({ roundOpen: envelope });
    const delivery = await controller.roundClosed({ round, roundClose: closeOf(round) });
    expect(delivery).toEqual({ kind: 'drop', reason });
    expect((await jobs.find(round))?.roundClose).toBeNull();
  });
});

describe('a verdict', () => {
  test('of the coordinator is acknowledged once it is on disk, true or not', async () => {
    const { round, envelope } = played.open([builder]);
    await controller.buildRequested({ roundOpen: envelope });
    const verdict = played.decide(round);
    expect(await controller.verdictLogged({ round, verdict })).toEqual(DONE);
    expect((await jobs.find(round))?.verdict).toEqual(verdict);
  });

  test('on a round that was never dispatched here leaves nothing', async () => {
    const { round } = played.open([builder]);
    const verdict = played.decide(round);
    expect(await controller.verdictLogged({ round, verdict })).toEqual(DONE);
    expect(await known()).toEqual([]);
  });

  test.each([
    ['of another coordinator', (round: string) => impostor.decide(round), 'BAD_SIGNATURE'],
    ['on another round', () => played.decide('1'.repeat(64)), 'WRONG_ROUND'],
    ['that is a close', (round: string) => played.close(round), 'WRONG_KIND'],
  ])('%s is dropped', async (_, verdictOf, reason) => {
    const { round, envelope } = played.open([builder]);
    await controller.buildRequested({ roundOpen: envelope });
    const delivery = await controller.verdictLogged({ round, verdict: verdictOf(round) });
    expect(delivery).toEqual({ kind: 'drop', reason });
    expect((await jobs.find(round))?.verdict).toBeNull();
  });
});

test('a receipt of something that was never sent is passed over', async () => {
  const { round, envelope } = played.open([builder]);
  await controller.buildRequested({ roundOpen: envelope });
  const receipt = { envelopeSha256: '0'.repeat(64), proof: 'no proof at all' };
  expect(await controller.receiptsIssued({ receipts: [receipt] })).toEqual(DONE);
  expect((await jobs.find(round))?.commitReceipt).toBeNull();
});
