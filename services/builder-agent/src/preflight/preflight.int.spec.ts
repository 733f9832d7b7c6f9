import { stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Logger } from '@nestjs/common';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { readExtras, type MachineNeeds } from '#libs/fingerprint';
import { configBelow, scratchDirectory } from '../agent.fixture.js';
import type { Config } from '../config.js';
import { machineRequest, measure } from './machine.js';
import { preflight, preflightFor } from './preflight.js';

const FOLDERS = ['BUILD_DIR', 'BUILD_TMPDIR', 'BUILD_HOME', 'CACHE_DIR'] as const;

let dir: string;
let config: Config;
beforeEach(async () => {
  dir = await scratchDirectory();
  config = configBelow(dir);
});

const NEEDS: MachineNeeds = { engine: null, minimumDiskBytes: 0, tempBlockSizeBytes: null };

describe('before the source', () => {
  test('the folders of builds are made', async () => {
    await preflight(config, await measure(config, {}));
    for (const name of FOLDERS) expect((await stat(config[name])).isDirectory()).toBe(true);
  });

  test('a machine without git is told what to install', async () => {
    const machine = { ...(await measure(config, {})), 'os.id': 'debian', 'git.version': 'none' };
    await expect(preflight(config, machine)).rejects.toMatchObject({
      ...{ stage: 'preflight', failureClass: 'missing-tool' },
      message:
        'git: git is not installed, expected git 2.30 or newer: ' +
        'sudo apt-get update && sudo apt-get install -y git',
    });
  });

  test('a machine of another architecture is told what to take', async () => {
    const machine = { ...(await measure(config, {})), 'machine.architecture': 'aarch64' };
    await expect(preflight(config, machine)).rejects.toMatchObject({
      ...{ stage: 'preflight', failureClass: 'build-error' },
      message: expect.stringContaining(
        'architecture: aarch64, expected x86_64: build on',
      ) as string,
    });
  });

  test('a git that did not answer in time is not taken for a missing one', async () => {
    const machine = await measure(config, {});
    await expect(preflight(config, { ...machine, 'git.version': null })).resolves.toBeUndefined();
  });

  test('a full disk or a small one is no matter yet', async () => {
    const machine = { ...(await measure(config, {})), 'disk.build.free': 0 };
    await expect(preflight(config, machine)).resolves.toBeUndefined();
  });

  test.each(FOLDERS)(
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

describe('once the release is known', () => {
  test('less disk than its era asks for is a full disk', async () => {
    const machine = { ...(await measure(config, {})), 'disk.build.free': 24e9 };
    const needs = { ...NEEDS, minimumDiskBytes: 25e9 };
    await expect(preflightFor(config, machine, needs)).rejects.toMatchObject({
      ...{ stage: 'preflight', failureClass: 'out-of-space' },
      message: expect.stringMatching(/^build-disk: 24 GB free/) as string,
    });
    await expect(
      preflightFor(config, machine, { ...needs, minimumDiskBytes: 1e6 }),
    ).resolves.toBeUndefined();
  });

  test('a temp filesystem that the commit refuses ends the build before it starts', async () => {
    const machine = { ...(await measure(config, {})), 'temp.block-size': 1024 };
    const needs = { ...NEEDS, tempBlockSizeBytes: 4096 };
    await expect(preflightFor(config, machine, needs)).rejects.toMatchObject({
      ...{ stage: 'preflight', failureClass: 'build-error' },
      message: expect.stringMatching(/^temp-block-size: 1024 bytes/) as string,
    });
    await expect(preflightFor(config, machine, NEEDS)).resolves.toBeUndefined();
  });

  test('what was found is not told where it follows from a fact that is kept back', async () => {
    const machine = { ...(await measure(config, {})), 'temp.block-size': 1024 };
    const needs = { ...NEEDS, tempBlockSizeBytes: 4096 };
    const messageWith = async (...names: string[]): Promise<unknown> =>
      preflightFor({ ...config, WITHHELD_FACTS: names }, machine, needs).catch(
        (error: unknown) => (error as Error).message,
      );
    const hidden = 'temp-block-size: kept back, expected 4096 bytes';
    expect(await messageWith('temp.block-size')).toBe(hidden);
    expect(await messageWith('os.kernel', 'temp.filesystem')).toBe(hidden);
    expect(await messageWith('os.kernel')).toMatch(/^temp-block-size: 1024 bytes on /);
  });

  test('an engine that is not there is a missing tool', async (context) => {
    const { 'engine.podman': podman, 'engine.docker': docker } = await readExtras(
      await machineRequest(config, {}),
    );
    const engine = podman === 'none' ? 'podman' : docker === 'none' ? 'docker' : null;
    if (engine === null) context.skip('this machine has both engines');
    const machine = await measure(config, {});
    await expect(preflightFor(config, machine, { ...NEEDS, engine })).rejects.toMatchObject({
      ...{ stage: 'preflight', failureClass: 'missing-tool' },
      message: expect.stringContaining(`${engine} is not installed`) as string,
    });
  });
});

describe('what is only warned about', () => {
  test('is said once an agent, with its reason and without paths', async () => {
    const lines: string[] = [];
    Logger.overrideLogger({
      ...{ log: () => undefined, error: () => undefined },
      warn: (line: string) => lines.push(line),
    });
    onTestFinished(() => {
      Logger.overrideLogger(['log', 'warn', 'error']);
    });
    const machine = {
      ...(await measure(config, {})),
      'user.umask': '0077',
      'disk.build.free': 5e9,
    };
    await preflight(config, machine);
    await preflightFor(config, { ...machine, 'disk.build.free': 4e9 }, NEEDS);
    expect(lines).toContain('umask: 0077, expected 0022: modes of files in an image can follow it');
    expect(lines.filter((line) => line.startsWith('build-disk:'))).toHaveLength(1);
    expect(lines.join('\n')).not.toContain(dir);
    const other = { ...config };
    await preflight(other, machine);
    expect(lines.filter((line) => line.startsWith('build-disk:'))).toHaveLength(2);
  });
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
