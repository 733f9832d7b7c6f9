import { jetstreamManager, type JetStreamManager } from '@nats-io/jetstream';
import { describe, expect, test } from 'vitest';
import { builderDurable, DISPATCH_STREAM } from '#libs/contracts';
import { LogEntryEntity, RoundBuilderEntity, RoundEntity } from '#libs/persistence';
import { readConfig } from '#libs/platform';
import { CoordinatorClient, eventually, HandBuilder, useQuorum } from '#libs/testing';
import { Config } from './config.js';
import { startCoordinator } from './coordinator.js';

const ROUNDS = 10;
const quorum = useQuorum({
  start: (environment) => startCoordinator(readConfig(Config, environment)),
  operators: { acme: 1, bits: 1 },
  environment: { DEFAULT_THRESHOLD: '2' },
});

let opened = 0;
function nextCommit(): string {
  opened += 1;
  return opened.toString(16).padStart(40, '0');
}

/** How often each kind of entry stands in the log for a round. */
async function tally(round: string): Promise<Record<string, number>> {
  const entries = await quorum().dataSource.getRepository(LogEntryEntity).findBy({ round });
  const count: Record<string, number> = {};
  for (const { kind } of entries) count[kind] = (count[kind] ?? 0) + 1;
  return count;
}

async function expectGapless(): Promise<void> {
  const entries = await quorum()
    .dataSource.getRepository(LogEntryEntity)
    .find({ select: { index: true }, order: { index: 'ASC' } });
  expect(entries.map(({ index }) => index)).toEqual(entries.map((_, at) => at));
}

describe('two coordinators on one database', () => {
  test('log for each of many rounds one close and one verdict, and count each builder once', async () => {
    const { api, builders } = quorum();
    const second = await quorum().start();
    const other = new CoordinatorClient(second.url);
    const rounds = await Promise.all(
      Array.from({ length: ROUNDS }, (_, at) =>
        (at % 2 === 0 ? api : other).open({ commit: nextCommit() }),
      ),
    );
    await Promise.all(
      builders.flatMap((builder) =>
        rounds.map(async (round) => {
          const { commit, result } = builder.seal(await builder.invitation(round));
          await builder.commit(commit);
          await builder.close(round);
          await builder.reveal(result);
        }),
      ),
    );
    for (const round of rounds) {
      const report = await api.reportIn('final', round);
      expect(report.artifacts.map(({ verdict }) => verdict)).toEqual(
        report.artifacts.map(() => 'reproduced'),
      );
      const once = { 'round-open': 1, commit: 2, 'round-close': 1, result: 2, verdict: 1 };
      expect(await tally(round)).toEqual(once);
    }
    for (const round of rounds) expect(await other.report(round)).toEqual(await api.report(round));
    await expectGapless();
    await quorum().stop(second);
  });

  test('make each move once when many deadlines pass at the same moment', async () => {
    const { api, dataSource } = quorum();
    const second = await quorum().start();
    const other = new CoordinatorClient(second.url);
    const rounds = await Promise.all(
      Array.from({ length: ROUNDS }, () => api.open({ commit: nextCommit() })),
    );
    await dataSource.getRepository(RoundEntity).update({ phase: 'open' }, { dueAt: new Date(0) });
    // People close some of them too, by both.
    const asked = await Promise.allSettled(
      rounds.slice(0, 4).flatMap((round) => [api.close(round), other.close(round)]),
    );
    expect(asked.filter(({ status }) => status === 'fulfilled').length).toBeLessThanOrEqual(4);
    for (const round of rounds) {
      await api.reportIn('final', round);
      expect(await tally(round)).toEqual({ 'round-open': 1, 'round-close': 1, verdict: 1 });
    }
    await expectGapless();
    await quorum().stop(second);
  });
});

describe('what NATS has lost', () => {
  async function manager(): Promise<JetStreamManager> {
    return jetstreamManager(quorum().nats);
  }

  /** Listens as soon as there is something to listen to. */
  function listen(builder: HandBuilder): Promise<boolean> {
    return eventually('a stream to listen to', async () => {
      await builder.listen();
      return true;
    });
  }

  test('a coordinator that stops between the commit to the database and the receipt sends it after its next start', async () => {
    const { api, builders, dataSource } = quorum();
    const [builder] = builders;
    const round = await api.open({ commit: nextCommit() });
    const { commit } = builder!.seal(await builder!.invitation(round));
    // Without the stream no receipt can leave.
    await (await manager()).streams.delete(DISPATCH_STREAM.name);
    await builder!.commit(commit);
    const seats = dataSource.getRepository(RoundBuilderEntity);
    await eventually(
      'the commit in the database',
      () => seats.findOneByOrFail({ round, builder: builder!.id }),
      ({ commitIndex }) => commitIndex !== null,
    );
    await quorum().stopAll();
    const before = await tally(round);
    const { url } = await quorum().start();
    quorum().api = new CoordinatorClient(url);
    await listen(builder!);
    await builder!.receipt(commit);
    expect(await tally(round)).toEqual(before);
    expect(before).toEqual({ 'round-open': 1, commit: 1 });
  });

  test('is made anew and filled again under a running coordinator, even where only one stream is gone', async () => {
    const { api, builders, nats } = quorum();
    const [first, second] = builders;
    const round = await api.open({ commit: nextCommit() });
    const { commit } = first!.seal(await first!.invitation(round));
    // It would go on listening where the new one does, and take what is sent to both once.
    await second!.stop();
    await (await manager()).streams.delete(DISPATCH_STREAM.name);
    const again = new HandBuilder(second!.signer, second!.operator, nats);
    await listen(again);
    expect((await again.invitation(round)).open).toEqual((await first!.invitation(round)).open);
    await again.stop();
    await first!.commit(commit);
    await listen(first!);
    await first!.receipt(commit);
  });

  test('a builder whose consumer is gone gets one with its next receipt', async () => {
    const { api, builders } = quorum();
    const [builder] = builders;
    const round = await api.open({ commit: nextCommit() });
    const { commit } = builder!.seal(await builder!.invitation(round));
    const { consumers } = await manager();
    await builder!.stop();
    await consumers.delete(DISPATCH_STREAM.name, builderDurable(builder!.id));
    await builder!.commit(commit);
    await eventually(
      'a consumer with something to take',
      () => consumers.info(DISPATCH_STREAM.name, builderDurable(builder!.id)),
      ({ num_pending: waiting }) => waiting > 0,
    );
    await listen(builder!);
    await builder!.receipt(commit);
  });
});
