import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startNats } from '#libs/embedded';
import type { EmbeddedNats, NatsOptions } from '#libs/embedded';
import { afterAll, beforeAll, inject } from 'vitest';
import './provided.js';

/**
 * Tells where the nats-server answers that a worker's integration specs share, one after the other.
 * Streams of one spec are seen by those after it: where that matters, {@link useNats} gives a server
 * of one's own.
 */
export function natsUrl(): string {
  const urls = inject('natsUrls');
  const worker = Number(process.env['VITEST_POOL_ID'] ?? 1);
  const url = urls[(worker - 1) % urls.length];
  if (url === undefined) throw new Error('the global setup started no nats-server');
  return url;
}

/**
 * Gives a spec file a nats-server of its own, with JetStream and an empty store, started before its
 * first test (in some 50 ms) and stopped after its last one. Call it at the top of the file; the
 * function it returns tells the URL inside of tests.
 */
export function useNats(options: Pick<NatsOptions, 'extraConfig'> = {}): () => string {
  let directory: string | undefined;
  let server: EmbeddedNats | undefined;
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'repro-quorum-nats-'));
    server = await startNats({ ...options, dataDir: directory, durable: false });
  });
  afterAll(async () => {
    await server?.stop();
    if (directory !== undefined) await rm(directory, { recursive: true, force: true });
  });
  return () => {
    if (server === undefined) throw new Error('the server runs only inside of tests');
    return server.url;
  };
}
