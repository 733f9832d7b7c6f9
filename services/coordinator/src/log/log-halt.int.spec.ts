import { expect, test } from 'vitest';
import { LogEntryEntity } from '#libs/persistence';
import { readConfig } from '#libs/platform';
import { CoordinatorClient, eventually, useQuorum } from '#libs/testing';
import { Config } from '../config.js';
import { startCoordinator } from '../coordinator.js';

const quorum = useQuorum({
  start: (environment) => startCoordinator(readConfig(Config, environment)),
  operators: { acme: 1, bits: 1 },
  environment: { DEFAULT_THRESHOLD: '2' },
});

/** What somebody does who has the database's own keys: done twice, all is as it was. */
async function flipByteOfTree(): Promise<void> {
  await quorum().dataSource.transaction(async (manager) => {
    await manager.query(`SET LOCAL session_replication_role = 'replica'`);
    await manager.query(`UPDATE "log_node" SET "hash" = set_byte("hash", 0, 255 - get_byte("hash", 0))
      WHERE "level" = 1 AND "index" = 0`);
  });
}

test('a coordinator whose log was altered stands still until somebody repairs and restarts it', async () => {
  const { api, dataSource } = quorum();
  const [acme, bits] = [quorum().builder('acme'), quorum().builder('bits')];
  const round = await api.open({ commit: '0a'.repeat(20) });
  const first = acme.seal(await acme.invitation(round));
  await acme.commit(first.commit);
  await acme.receipt(first.commit);
  const leaves = (): Promise<number> => dataSource.getRepository(LogEntryEntity).count();
  const before = await leaves();

  await flipByteOfTree();
  const second = bits.seal(await bits.invitation(round));
  await bits.commit(second.commit);
  await eventually(
    'a coordinator that is not ready',
    () => api.get('/readyz'),
    ({ status }) => status === 503,
  );
  expect(await api.refused('GET', '/readyz')).toMatchObject({ status: 503, code: 'log-corrupt' });
  // What is stored can be read; nothing is added, though the message comes again and again.
  expect((await api.get(`/v1/rounds/${round}/report`)).status).toBe(200);
  await flipByteOfTree();
  expect(await api.refused('GET', '/readyz')).toMatchObject({ status: 503, code: 'log-corrupt' });
  expect(await leaves()).toBe(before);

  const repaired = await quorum().start();
  await bits.receipt(second.commit);
  expect((await new CoordinatorClient(repaired.url).get('/readyz')).status).toBe(200);
});
