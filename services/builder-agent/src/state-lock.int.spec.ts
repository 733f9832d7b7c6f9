import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ConfigError } from '#libs/platform';
import { configBelow, scratchDirectory } from './agent.fixture.js';
import { lockState } from './state-lock.js';

const silent = (): void => undefined;

test('a state folder is one agent’s alone, until that one gives it back', async () => {
  const config = configBelow(await scratchDirectory());
  const first = await lockState(config, silent);
  const second: unknown = await lockState(config, silent).catch((error: unknown) => error);
  expect(second).toBeInstanceOf(ConfigError);
  expect(String(second)).toContain('STATE_DIR is not usable: another agent runs on it; end that');
  first.release();
  (await lockState(config, silent)).release();
});

test('agents on folders of their own are in nobody’s way', async () => {
  const dir = await scratchDirectory();
  const locks = await Promise.all(
    ['a', 'b'].map((name) => lockState({ STATE_DIR: join(dir, name) }, silent)),
  );
  for (const lock of locks) lock.release();
});

test('a folder that cannot be locked is told of, and used all the same', async () => {
  const config = configBelow(await scratchDirectory());
  await mkdir(join(config.STATE_DIR, 'agent.lock'), { recursive: true });
  const said: string[] = [];
  const lock = await lockState(config, (line) => said.push(line));
  lock.release();
  expect(said).toEqual([
    expect.stringMatching(/^nothing keeps a second agent from STATE_DIR: cannot lock /),
  ]);
});

test('a folder that cannot be made is told in a sentence', async () => {
  const dir = await scratchDirectory();
  await writeFile(join(dir, 'file'), '');
  const failure = lockState({ STATE_DIR: join(dir, 'file/state') }, silent);
  await expect(failure).rejects.toThrow(/^STATE_DIR is not usable: ENOTDIR/);
});
