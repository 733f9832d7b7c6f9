import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
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
