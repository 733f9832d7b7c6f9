import { mkdir, realpath, symlink } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { configBelow, scratchDirectory } from '../agent.fixture.js';
import { measure } from '../preflight/machine.js';
import { maskBytes } from './mask-bytes.js';
import { privateValuesOf } from './private-value.js';
import { privateValuesOfBuild } from './private-values-of-build.js';

const hidden = (text: string, values: Parameters<typeof maskBytes>[1]): [string, string[]] => {
  const { bytes, masks } = maskBytes(Buffer.from(text), values);
  return [Buffer.from(bytes).toString(), masks.map(({ fact }) => fact)];
};

test('the values behind the salted facts are hidden, and every folder that was in force for the build', async () => {
  const dir = await scratchDirectory();
  const config = configBelow(dir);
  const machine = await measure(config, {});
  const build = join(config.BUILD_DIR, '0011223344556677');
  const workspace = {
    worktree: join(build, 'ic'),
    homeDir: join(build, 'home'),
    tempDir: join(dir, 'repro-quorum-0011223344556677'),
  };
  const values = await privateValuesOfBuild(config, machine, workspace);
  for (const [path, fact] of [
    [workspace.worktree, 'build.path'],
    [workspace.tempDir, 'build.path'],
    [config.STATE_DIR, 'build.path'],
    [workspace.homeDir, 'user.home'],
    [config.BUILD_HOME, 'user.home'],
  ] as const) {
    expect(hidden(`in ${path};`, values)).toEqual([`in ${'#'.repeat(path.length)};`, [fact]]);
  }
  // This machine may have a name that everybody has.
  const names = { hostnames: [hostname()], users: [], homes: [], buildPaths: [] };
  expect(values).toEqual(expect.arrayContaining([...privateValuesOf(names)]));
});

test('the home that a warm build had is hidden, and a folder by both of its names', async () => {
  const dir = await realpath(await scratchDirectory());
  await mkdir(join(dir, 'disk2/ada'), { recursive: true });
  await symlink(join(dir, 'disk2/ada'), join(dir, 'link'));
  const config = configBelow(dir, { BUILD_DIR: join(dir, 'link') });
  const machine = await measure(configBelow(dir), {});
  const workspace = { worktree: '/w/x-1/ic', homeDir: '/w/x-1/home', tempDir: '/w/t-1' };
  const values = await privateValuesOfBuild(config, machine, workspace, '/w/warm-home');
  const text = `/w/warm-home ${join(dir, 'link')} ${join(dir, 'disk2/ada')}`;
  expect(hidden(text, values)[0]).toBe(text.replaceAll(/[^ ]/g, '#'));
});
