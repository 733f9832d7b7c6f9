import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
// By path: vitest loads this file before the condition that makes `#libs/*` mean the sources.
import { startNats, startPostgres } from '../../embedded/src/index.js';
import './provided.js';

/**
 * Starts one PostgreSQL and one nats-server for a whole run of integration specs, and tells the specs
 * where they answer. Both are empty, not durable, and gone after the run, however it ends.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const directory = await mkdtemp(join(tmpdir(), 'repro-quorum-int-'));
  const started = await Promise.allSettled([
    startPostgres({ dataDir: join(directory, 'postgres'), durable: false }),
    startNats({ dataDir: join(directory, 'nats'), durable: false }),
  ]);
  const teardown = async (): Promise<void> => {
    for (const result of started) {
      if (result.status === 'fulfilled') await result.value.stop();
    }
    await rm(directory, { recursive: true, force: true });
  };
  const [postgres, nats] = started;
  if (postgres.status === 'rejected' || nats.status === 'rejected') {
    await teardown();
    throw postgres.status === 'rejected' ? postgres.reason : (nats as PromiseRejectedResult).reason;
  }
  project.provide('postgresUrl', postgres.value.url);
  project.provide('natsUrl', nats.value.url);
  return teardown;
}
