import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
// By path: vitest loads this file before the condition that makes `#libs/*` mean the sources.
import { startNats, startPostgres } from '../../embedded/src/index.js';
import './provided.js';

/**
 * Starts one PostgreSQL, and a nats-server for each worker, for a whole run of integration specs, and
 * tells the specs where they answer. All are empty, not durable, and gone after the run, however it
 * ends.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const directory = await mkdtemp(join(tmpdir(), 'repro-quorum-int-'));
  const running: { stop(): Promise<void> }[] = [];
  const started = async <T extends { stop(): Promise<void> }>(starting: Promise<T>): Promise<T> => {
    const server = await starting;
    running.push(server);
    return server;
  };
  const teardown = async (): Promise<void> => {
    for (const server of running) await server.stop();
    await rm(directory, { recursive: true, force: true });
  };
  try {
    const dataDir = join(directory, 'postgres');
    const postgres = await started(startPostgres({ dataDir, durable: false }));
    const natsUrls: string[] = [];
    for (let worker = 0; worker < project.config.maxWorkers; worker += 1) {
      const store = join(directory, `nats-${worker}`);
      natsUrls.push((await started(startNats({ dataDir: store, durable: false }))).url);
    }
    project.provide('postgresUrl', postgres.url);
    project.provide('natsUrls', natsUrls);
    return teardown;
  } catch (error) {
    await teardown();
    throw error;
  }
}
