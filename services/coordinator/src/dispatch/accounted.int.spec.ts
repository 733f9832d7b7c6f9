import { expect, test } from 'vitest';
import { readConfig } from '#libs/platform';
import { eventually, useQuorum, type HandBuilder } from '#libs/testing';
import { Config } from '../config.js';
import { startCoordinator } from '../coordinator.js';
import { register } from './registered.fixture.js';

const quorum = useQuorum({
  start: (environment) => startCoordinator(readConfig(Config, environment)),
  operators: { anna: 1, bela: 1, cleo: 1 },
  // Longer than anybody waits here: only what is said moves these rounds on.
  environment: { VANISHED_SECONDS: '900', CALIBRATE_BUILDERS: 'false' },
});
const builder = (operator: string): HandBuilder => quorum().builder(operator);

async function play(round: string, operator: string): Promise<void> {
  const one = builder(operator);
  const { commit, result } = one.seal(await one.invitation(round));
  await one.commit(commit);
  await one.receipt(commit);
  void one.close(round).then(() => one.reveal(result));
}

/** Has a builder decline, and waits until it was looked who comes instead; gives their operators. */
async function decline(round: string, operator: string): Promise<readonly string[]> {
  await builder(operator).invitation(round);
  await builder(operator).decline(round, 'busy');
  const [told] = await eventually('a replacement', async () => {
    const { replacements } = (await quorum().api.report(round)).round!.choice!;
    return replacements.length > 0 ? replacements : undefined;
  });
  return told!.by.map((one) => one.operator);
}

test('a round closes with the last commit where nobody came for one that declined', async () => {
  const { api, dataSource } = quorum();
  for (const operator of ['anna', 'bela']) await register(dataSource, builder(operator));
  await register(dataSource, builder('cleo'), { lastSeenAt: new Date(0) });
  const round = await api.open({ commit: '0a'.repeat(20), ask: { operators: 2 } });
  expect(await decline(round, 'bela')).toEqual([]);
  await play(round, 'anna');
  const report = await api.reportIn('final', round);
  expect(report.round!.closeReason).toBe('all-accounted');
});

test('and with that of the one who came', async () => {
  const { api, dataSource } = quorum();
  for (const operator of ['anna', 'bela', 'cleo']) await register(dataSource, builder(operator));
  const round = await api.open({ commit: '0b'.repeat(20), ask: { operators: 2 } });
  const [first, second] = (await api.report(round)).builders.map(({ operator }) => operator);
  const [came] = await decline(round, first!);
  await play(round, second!);
  expect((await api.report(round)).round!.phase).toBe('open');
  await play(round, came!);
  const report = await api.reportIn('final', round);
  expect(report.round!.closeReason).toBe('all-accounted');
});
