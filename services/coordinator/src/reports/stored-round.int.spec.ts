import { expect, test } from 'vitest';
import { readConfig } from '#libs/platform';
import { useQuorum, type HandBuilder } from '#libs/testing';
import { RegistryService } from '../builders/registry.service.js';
import { Config } from '../config.js';
import { startCoordinator } from '../coordinator.js';
import { register } from '../dispatch/registered.fixture.js';
import { keepInspection } from '../dispatch/round-asks.js';
import { readStoredRound, type StoredRound } from './stored-round.js';

const quorum = useQuorum({
  start: (environment) => startCoordinator(readConfig(Config, environment)),
  operators: { anna: 1, bela: 1, cleo: 1 },
  environment: { CALIBRATE_BUILDERS: 'false' },
});

const builder = (operator: string): HandBuilder => quorum().builder(operator);

test('a round is told of as of one moment, whoever is invited while it is read', async () => {
  const { api, dataSource } = quorum();
  const [anna, bela, cleo] = [builder('anna'), builder('bela'), builder('cleo')];
  for (const one of [anna, bela]) await register(dataSource, one);
  await register(dataSource, cleo, { lastSeenAt: new Date(0) });
  const round = await api.open({ commit: '0a'.repeat(20), ask: { operators: 2 } });
  const invite = async (): Promise<void> => {
    const amended = await api.post(`/v1/rounds/${round}/amend`, { builders: [cleo.id] });
    expect(amended.ok).toBe(true);
    const replaced = { builder: bela.id, operator: 'bela', because: 'vanished' } as const;
    const by = [{ builder: cleo.id, operator: 'cleo', reason: 'the next one' }];
    const replacement = { ...replaced, by, at: new Date().toISOString(), note: null };
    await keepInspection(dataSource.manager, round, {
      replacements: [replacement],
      dueAt: null,
    });
  };
  const rows = new RegistryService(dataSource);
  const readWhile = (meanwhile: () => Promise<void>): Promise<StoredRound | null> =>
    readStoredRound(dataSource, round, {
      registry: {
        findAll: async (ids, manager) => {
          await meanwhile();
          return rows.findAll(ids, manager);
        },
      },
      vanishedMs: 60_000,
    });
  expect(toldOf(await readWhile(invite))).toEqual({ invited: 2, replaced: 0 });
  expect(toldOf(await readWhile(async () => {}))).toEqual({ invited: 3, replaced: 1 });
});

function toldOf(stored: StoredRound | null): unknown {
  const { loaded, asked } = stored!;
  return { invited: loaded.builders.length, replaced: asked?.replacements.length };
}
