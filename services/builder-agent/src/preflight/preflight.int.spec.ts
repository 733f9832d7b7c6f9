import { stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { configBelow, scratchDirectory } from '../agent.fixture.js';
import type { Config } from '../config.js';
import { measure } from './machine.js';
import { preflight } from './preflight.js';

let dir: string;
let config: Config;
beforeEach(async () => {
  dir = await scratchDirectory();
  config = configBelow(dir);
});

describe('before a build', () => {
  test('its folders are made', async () => {
    await preflight(config, await measure(config, {}));
    for (const path of [config.BUILD_DIR, config.CACHE_DIR, config.BUILD_TMPDIR]) {
      expect((await stat(path)).isDirectory()).toBe(true);
    }
  });

  test('a machine without git is told what to install', async () => {
    const machine = await measure(config, {});
    await expect(preflight(config, { ...machine, 'git.version': 'none' })).rejects.toMatchObject({
      ...{ stage: 'preflight', failureClass: 'missing-tool' },
      message: 'git is not installed: apt-get install git',
    });
  });

  test('a git that did not answer in time is not taken for a missing one', async () => {
    const machine = await measure(config, {});
    await expect(preflight(config, { ...machine, 'git.version': null })).resolves.toBeUndefined();
  });

  test.each(['BUILD_DIR', 'BUILD_TMPDIR', 'CACHE_DIR'] as const)(
    'a %s that cannot be made is named by its variable, not by its path',
    async (name) => {
      await writeFile(join(dir, 'file'), '');
      const broken = { ...config, [name]: join(dir, 'file/below') };
      await expect(preflight(broken, await measure(broken, {}))).rejects.toMatchObject({
        ...{ stage: 'preflight', failureClass: 'permission' },
        message: `${name} is not writable by the agent`,
      });
    },
  );
});

describe('the facts of a machine', () => {
  test('are those that the build will find, not those of the agent', async () => {
    const facts = await measure(config, {
      PATH: '/nonexistent',
      LC_COLLATE: 'de_DE.UTF-8',
      TZ: 'Asia/Tokyo',
    });
    expect(facts).toMatchObject({
      'locale.lang': 'C.UTF-8',
      'locale.collation': 'C.UTF-8',
      'time.zone': 'Asia/Tokyo',
      'user.home': config.BUILD_HOME,
      'build.path': config.BUILD_DIR,
    });
    expect(facts['git.version']).toMatch(/^\d+\./);
  });
});
