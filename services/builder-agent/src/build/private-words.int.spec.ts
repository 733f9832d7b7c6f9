import { mkdir, symlink } from 'node:fs/promises';
import { hostname, userInfo } from 'node:os';
import { join, relative } from 'node:path';
import { expect, test } from 'vitest';
import { configBelow, scratchDirectory } from '../agent.fixture.js';
import { maskText } from './mask.js';
import { privateWords } from './private-words.js';

test('every folder that an agent is told of is private, and so is the home of its user', async () => {
  const dir = await scratchDirectory();
  const config = configBelow(dir);
  const { paths, ...names } = await privateWords(config);
  expect(names).toEqual({
    ...{ hostname: hostname(), user: userInfo().username },
    buildUsers: ['repro-quorum-build'],
  });
  const { KEY_FILE, STATE_DIR, CACHE_DIR, BUILD_DIR, BUILD_TMPDIR, BUILD_HOME } = config;
  expect(paths).toEqual(
    expect.arrayContaining([
      ...[KEY_FILE, STATE_DIR, CACHE_DIR, BUILD_DIR, BUILD_TMPDIR, BUILD_HOME],
      userInfo().homedir,
    ]),
  );
});

test('a folder behind a link is private by both its names', async () => {
  const dir = await scratchDirectory();
  await mkdir(join(dir, 'disk2/ada'), { recursive: true });
  await symlink(join(dir, 'disk2/ada'), join(dir, 'ada'));
  const words = await privateWords(configBelow('/var/lib/x', { BUILD_DIR: join(dir, 'ada') }));
  const text = `${join(dir, 'ada')}/ic is ${join(dir, 'disk2/ada')}/ic`;
  expect(maskText(text, words)).toBe('<path>/ic is <path>/ic');
});

test('a folder that is named from here is private by its whole path', async () => {
  const dir = await scratchDirectory();
  const words = await privateWords(configBelow('/var/lib/x', { BUILD_DIR: relative('.', dir) }));
  expect(maskText(`${dir}/ic`, words)).toBe('<path>/ic');
});
