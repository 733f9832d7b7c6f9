import { mkdir, mkdtemp, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { FixStep } from '#libs/fingerprint';
import { applyStep, rightsFor, type Means } from './apply-step.js';

const MEANS: Means = { isRoot: false, hasSudo: false, isTerminal: false };

let dir = '';
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'doctor-'));
});
afterEach(async () => {
  await rm(dir, { recursive: true, force: true });
});

const command = (...argv: readonly [string, ...string[]]): FixStep => ({
  ...{ command: argv, needsRoot: false, text: 'do it' },
});
const file = (name: string): FixStep => ({
  ...{ command: null, needsRoot: false, text: 'write it' },
  file: { path: join(dir, name), content: '[engine]\n' },
});

describe('a command', () => {
  test('runs without a shell', async () => {
    const odd = join(dir, '$(false) ; x');
    expect(await applyStep(command('mkdir', '--', odd), MEANS)).toBeNull();
    expect((await stat(odd)).isDirectory()).toBe(true);
  });

  test('that fails, or is not there, is told', async () => {
    expect(await applyStep(command('false'), MEANS)).toContain('exit code 1');
    expect(await applyStep(command(join(dir, 'no')), MEANS)).toContain('ENOENT');
  });
});

describe('a file', () => {
  test('is made with its folders', async () => {
    const step = file('a/b/containers.conf');
    expect(await applyStep(step, MEANS)).toBeNull();
    expect(await readFile(join(dir, 'a/b/containers.conf'), 'utf8')).toBe('[engine]\n');
    expect((await stat(join(dir, 'a/b/containers.conf'))).mode & 0o777).toBe(0o644);
  });

  test('that is there already stays as it is, and so does a link to nowhere', async () => {
    await writeFile(join(dir, 'mine'), 'mine');
    await symlink(join(dir, 'nowhere'), join(dir, 'link'));
    for (const name of ['mine', 'link']) {
      expect(await applyStep(file(name), MEANS)).toContain('is there already');
    }
    expect(await readFile(join(dir, 'mine'), 'utf8')).toBe('mine');
  });

  test('that cannot be made is told', async () => {
    await mkdir(join(dir, 'a'));
    await writeFile(join(dir, 'a/b'), '');
    expect(await applyStep(file('a/b/c/d'), MEANS)).toContain('cannot write');
  });
});

describe('a step that takes root', () => {
  const step: FixStep = { ...command('true'), needsRoot: true };

  test.for([
    [{ ...MEANS, isRoot: true }, []],
    [{ ...MEANS, hasSudo: true, isTerminal: true }, ['sudo']],
    // Nobody could type a password, so none is waited for.
    [{ ...MEANS, hasSudo: true }, ['sudo', '-n']],
    [MEANS, null],
  ] as const)('with %j runs by %j', ([means, rights]) => {
    expect(rightsFor(step, means)).toEqual(rights);
    expect(rightsFor(command('true'), means)).toEqual([]);
  });

  test('is left to root where there is no way to it', async () => {
    expect(await applyStep(step, MEANS)).toContain('run it as root');
  });
});

test('what no program does is left to people', async () => {
  const step = { command: null, needsRoot: false, text: 'add memory' };
  expect(await applyStep(step, MEANS)).toContain('by hand');
});
