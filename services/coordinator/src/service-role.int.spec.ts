import { expect, test } from 'vitest';
import { grantService, migrate } from '#libs/persistence';
import { readConfig } from '#libs/platform';
import {
  connectDatabase,
  CoordinatorClient,
  createDatabase,
  eventually,
  useQuorum,
  type SealedResult,
} from '#libs/testing';
import { Config } from './config.js';
import { startCoordinator } from './coordinator.js';

const quorum = useQuorum({
  start: (environment) => startCoordinator(readConfig(Config, environment)),
  operators: { acme: 1, bits: 1 },
});

test('a coordinator whose role owns nothing takes a round to its verdict', async () => {
  const database = await createDatabase();
  const url = new URL(database.url);
  const role = url.pathname.slice(1);
  const owner = await connectDatabase(database.url);
  try {
    await owner.query(`CREATE ROLE "${role}" LOGIN PASSWORD 'service'`);
    await migrate(owner);
    await grantService(owner, role);
    [url.username, url.password] = [role, 'service'];
    await quorum().stopAll();
    const started = await quorum().start({ DATABASE_URL: url.href });
    const api = new CoordinatorClient(started.url);
    const round = await api.open({ commit: '0a'.repeat(20) });
    const { builders } = quorum();
    const results: SealedResult[] = [];
    for (const builder of builders) {
      const sealed = builder.seal(await builder.invitation(round));
      await builder.commit(sealed.commit);
      results.push(sealed);
    }
    for (const [at, builder] of builders.entries()) {
      await builder.close(round);
      await builder.reveal(results[at]!.result);
    }
    const report = await api.reportIn('final', round);
    expect(report.round).toMatchObject({ phase: 'final' });
    await eventually(
      'nothing that waits to be sent',
      () => owner.query<unknown[]>('SELECT 1 FROM "outgoing" WHERE "sent_at" IS NULL'),
      (waiting) => waiting.length === 0,
    );
    await quorum().stop(started);
  } finally {
    await owner.destroy();
    await database.drop();
    await quorum().dataSource.query(`DROP ROLE "${role}"`);
  }
});
