import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Logger } from '@nestjs/common';
import type { NatsConnection } from '@nats-io/transport-node';
import { afterAll, beforeAll, onTestFinished } from 'vitest';
import { connectNats, ensureStreams } from '#libs/messaging';
import { Config } from './config.js';

/** Makes a directory that is gone after the test. */
export async function scratchDirectory(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'builder-agent-'));
  onTestFinished(() => rm(path, { recursive: true, force: true }));
  return path;
}

/** Makes the configuration of an agent that keeps everything below one folder. */
export function configBelow(dir: string, more: Readonly<Record<string, string>> = {}): Config {
  return Config.parse({
    NATS_URL: 'nats://127.0.0.1:1',
    COORDINATOR_VKEY: 'not read here',
    KEY_FILE: join(dir, 'key.pem'),
    STATE_DIR: join(dir, 'state'),
    CACHE_DIR: join(dir, 'cache'),
    BUILD_DIR: join(dir, 'build'),
    BUILD_TMPDIR: dir,
    BUILD_HOME: join(dir, 'home'),
    ...more,
  });
}

/**
 * Connects a spec file to NATS, from before its first test to after its last one, and has Nest write
 * nothing. Call it at the top of the file.
 */
export function useConnection(
  natsUrl: () => string,
  { hasStreams = false }: { readonly hasStreams?: boolean } = {},
): () => NatsConnection {
  let nats: NatsConnection | undefined;
  beforeAll(async () => {
    Logger.overrideLogger(false);
    nats = await connectNats({ url: natsUrl(), name: 'spec' });
    if (hasStreams) await ensureStreams(nats);
  });
  afterAll(() => nats?.close());
  return () => {
    if (nats === undefined) throw new Error('there is a connection only inside of tests');
    return nats;
  };
}
