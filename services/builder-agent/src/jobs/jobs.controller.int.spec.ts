import { beforeEach, describe, expect, test } from 'vitest';
import { roundOpenStatement, signStatement } from '#libs/attestation';
import { natsUrl } from '#libs/testing';
import { configBelow, scratchDirectory, useConnection } from '../agent.fixture.js';
import { playCoordinator, signerOf } from '../round.fixture.js';
import { makeJobDesk } from './desk.fixture.js';
import type { JobsController } from './jobs.controller.js';
import type { JobStoreService } from './job-store.service.js';

const builder = signerOf(1);
const played = playCoordinator();
const impostor = playCoordinator(201);
const DONE = { kind: 'done' };

const nats = useConnection(natsUrl);

let jobs: JobStoreService;
let controller: JobsController;
beforeEach(async () => {
  const dir = await scratchDirectory();
  // A host that nobody answers for: what is taken up is soon given up.
  const config = configBelow(dir, { GIT_URL: 'http://127.0.0.1:1/ic.git', CDN_BASES: '' });
  ({ jobs, controller } = makeJobDesk(config, builder, played.coordinator, nats()));
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
