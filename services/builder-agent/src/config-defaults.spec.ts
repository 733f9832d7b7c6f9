import { tmpdir } from 'node:os';
import { describe, expect, test } from 'vitest';
import { ConfigError, readConfig } from '#libs/platform';
import { Config } from './config.js';

const required = {
  COORDINATOR_URL: 'https://quorum.example.org',
  COORDINATOR_VKEY: 'spec.invalid/log+00000000+AAAA',
  KEY_FILE: '/etc/quorum/key.pem',
  STATE_DIR: '/var/lib/quorum/state',
  CACHE_DIR: '/var/lib/quorum/cache',
  BUILD_DIR: '/var/lib/quorum/build',
  BUILD_HOME: '/var/lib/quorum/home',
};
const CDN = ['https://download.dfinity.systems', 'https://download.dfinity.network'];

/** What is wrong with an environment, in words; empty when nothing is. */
function complaint(environment: Readonly<Record<string, string>>): string {
  try {
    readConfig(Config, environment);
    return '';
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
}

describe('an agent’s configuration', () => {
  test('that names only what has no default builds the public releases, and publishes nothing', () => {
    expect(readConfig(Config, required)).toEqual({
      ...required,
      BUILD_TMPDIR: tmpdir(),
      BUILD_CACHE: 'cold',
      ...{ BUILD_SLOTS: 1, BUILD_TRIES: 5, RETRY_SECONDS: 60, SHOW_LOGS: 'yes', MAX_QUEUED: 32 },
      AFTER_CLOSE: 'stop',
      METRICS_HOST: '127.0.0.1',
      BUILD_USER: ['repro-quorum-build'],
      BUILD_TIMEOUT_SECONDS: 172_800,
      BUILD_PROCESSES: 16_384,
      BUILD_DISK: 'watch',
      BUILD_DISK_RESERVE_BYTES: 256 * 1024 ** 2,
      BUILD_LOG_BYTES: 1024 ** 3,
      BUILD_OPEN_FILES: 65_536,
      GIT_URL: 'https://github.com/dfinity/ic.git',
      CDN_BASES: CDN,
      ALLOWED_HOSTS: CDN,
      IDLE_TIMEOUT_SECONDS: 3_600,
      WITHHELD_FACTS: [],
      EXPLAIN: 'bytes',
      KEPT_IMAGES_BYTES: 60 * 1024 ** 3,
      PUBLICATION_CONSENT: 'no',
      LOG_LEVEL: 'info',
    });
  });

  test('that is empty is answered with every key that is missing', () => {
    for (const key of Object.keys(required)) expect(complaint({})).toContain(`at ${key}`);
  });

  test.each([
    ['PUBLICATION_CONSENT', 'maybe'],
    ['PUBLICATION_CONSENT', ''],
    ['BUILD_CACHE', 'remote'],
    ['IDLE_TIMEOUT_SECONDS', '0'],
    ['IDLE_TIMEOUT_SECONDS', 'an hour'],
    ['NATS_URL', 'http://127.0.0.1'],
    ['NATS_URL', 'nats://127.0.0.1:4222, ftp://x'],
    ['BUILD_SLOTS', '0'],
    ['EXCLUSIVE_HOURS', 'at night'],
    ['AFTER_CLOSE', 'wait'],
    ['COORDINATOR_URL', 'quorum.example'],
    ['GIT_URL', 'not a url'],
    ['LOG_LEVEL', 'loud'],
    ['KEY_FILE', ''],
    ['EXPLAIN', 'yes'],
    ['KEPT_IMAGES_BYTES', '-1'],
    ['KEPT_IMAGES_BYTES', '60 GiB'],
    ['WITHHELD_FACTS', 'os.kernel,machine.hostnam'],
    ['ALLOWED_HOSTS', 'download.dfinity.systems'],
    ['ALLOWED_HOSTS', 'https://download.dfinity.systems/ic'],
  ])('%s=%s is refused by name', (key, value) => {
    expect(complaint({ ...required, [key]: value })).toContain(`at ${key}`);
  });

  test('that names no way to a coordinator is refused', () => {
    const entries = Object.entries(required).filter(([key]) => key !== 'COORDINATOR_URL');
    const rest = Object.fromEntries(entries);
    expect(complaint(rest)).toContain('COORDINATOR_URL');
    expect(complaint({ ...rest, NATS_URL: 'nats://127.0.0.1:4222' })).toBe('');
  });

  test('lists are parted at commas; white space and gaps mean nothing', () => {
    const config = readConfig(Config, {
      ...required,
      CDN_BASES: ' http://127.0.0.1:1 ,,http://127.0.0.1:2,',
      WITHHELD_FACTS: 'os.kernel, cpu.model',
    });
    expect(config.CDN_BASES).toEqual(['http://127.0.0.1:1', 'http://127.0.0.1:2']);
    expect(config.WITHHELD_FACTS).toEqual(['os.kernel', 'cpu.model']);
  });
});
