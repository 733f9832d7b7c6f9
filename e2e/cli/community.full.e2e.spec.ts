import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Report } from '#libs/contracts';
import { namedBlocks } from '../docs/pages.js';
import { startHandStack, type HandStack } from '../faults/hand-stack.js';
import { cli, type CliRun } from '../stack/cli.js';
import { ORIGIN } from '../stack/coordinator.js';
import { entry } from '../stack/entry.js';

const COMMIT = 'c0'.repeat(20);

let stack: HandStack;
let round = '';
beforeAll(async () => {
  stack = await startHandStack();
  const members = ['--members', 'operator-1,operator-2', '--threshold', '2'];
  await done('group', 'set', 'north', '--name', 'The North', ...members);
  const opened = ['--commit', COMMIT, '--threshold', '2', '--groups', 'north'];
  round = (await done('round', 'open', ...opened)).trim();
  const { builders } = stack;
  const sealed = await Promise.all(
    builders.map(async (builder) => builder.seal(await builder.invitation(round))),
  );
  for (const [at, builder] of builders.entries()) {
    await builder.commit(sealed[at]!.commit);
    await builder.receipt(sealed[at]!.commit);
  }
  await Promise.all(builders.map((builder) => builder.close(round)));
  for (const [at, builder] of builders.entries()) await builder.reveal(sealed[at]!.result);
  await done('round', 'watch', round);
});
afterAll(() => stack.close());

/** What a command printed that had to come off well. */
async function done(...args: readonly string[]): Promise<string> {
  const { stdout, stderr, exitCode } = await cli(stack, ...args);
  expect([exitCode, exitCode === 0 ? '' : stderr]).toEqual([0, '']);
  return stdout;
}

async function failed(...args: readonly string[]): Promise<CliRun> {
  const ended = await cli(stack, ...args);
  expect(ended.exitCode).not.toBe(0);
  expect(ended.stdout).toBe('');
  return ended;
}

describe('the report of a decided round', () => {
  test.each([
    ['text', /reproduced/],
    ['md', /^## ic\//],
    ['html', /^<!doctype html>/i],
    ['post', /\/rounds\/[0-9a-f]{64}/],
    ['chat', /\/rounds\/[0-9a-f]{64}/],
  ])('as %s says what came out', async (format, begins) => {
    const text = await done('report', round, '--format', format);
    expect(text).toMatch(begins);
    expect(text).toContain(COMMIT.slice(0, 8));
    // The same round, the same text.
    expect(await done('report', round, '--format', format)).toBe(text);
  });

  test('as issue is one of what differs, and says so where nothing does', async () => {
    const { exitCode, stderr } = await failed('report', round, '--format', 'issue');
    expect([exitCode, stderr]).toEqual([
      3,
      expect.stringContaining('nothing to write a ticket of'),
    ]);
  });

  test('as json is a report', async () => {
    const report = Report.parse(JSON.parse(await done('report', round, '--format', 'json')));
    expect(report.round?.phase).toBe('final');
  });
});

describe('a community', () => {
  test('is listed and shown with what its rounds came to, changed, and removed', async () => {
    expect(await done('group', 'list')).toContain('north');
    const shown = await done('group', 'show', 'north');
    expect(shown).toContain('The North');
    expect(shown).toContain(round.slice(0, 12));
    const members = ['--members', 'operator-1,operator-2', '--threshold', '2'];
    await done('group', 'set', 'south', '--name', 'The South', ...members);
    expect(await done('group', 'list')).toContain('The South');
    await done('group', 'remove', 'south');
    expect(await done('group', 'list')).not.toContain('The South');
  });

  test('is told what is new, and is shown its secret once', async () => {
    const added = await done('news', 'add', 'https://example.org/hook', '--label', 'alice');
    expect(added.trim()).toMatch(/^whsec_\S+$/m);
    const listed = await done('news', 'list');
    const [id = ''] = /sub_\w+/.exec(listed) ?? [];
    expect(listed).toContain('alice');
    expect(listed).not.toContain('whsec_');
    expect(listed).not.toContain('/hook');
    expect(await done('news', 'dead', id)).not.toContain('msg_');
    await done('news', 'replay', id, '--since', new Date(0).toISOString());
    await done('news', 'remove', id);
    expect(await done('news', 'list')).not.toContain(id);
  });
});

describe('what goes wrong names the next command', () => {
  test.each([
    [['report', 'ee'.repeat(32)], 'round list'],
    [['group', 'show', 'nobody'], 'group list'],
    [['news', 'remove', `sub_${'a'.repeat(24)}`], 'news list'],
    [['rond', 'list'], 'round'],
  ] as const)('%j', async (args, next) => {
    const { stderr } = await failed(...args);
    expect(stderr).toContain(next);
  });
});

/** Puts the program in the stack's folder, to be called by its name there. */
async function install(): Promise<{ readonly cwd: string; readonly env: { PATH: string } }> {
  const { dir } = stack;
  const program = `#!/bin/sh\nexec '${process.execPath}' '${entry('cli')}' "$@"\n`;
  await writeFile(join(dir, 'repro-quorum'), program, { mode: 0o755 });
  return { cwd: dir, env: { PATH: `${dir}:${process.env['PATH'] ?? ''}` } };
}

test('an auditor makes evidence of a post by the script of docs/auditor.md', async () => {
  const { cwd, env } = await install();
  const policy = {
    log: [stack.vkey],
    threshold: '2',
    operators: stack.builders.map(({ operator, id }) => ({ operator, builders: [id] })),
  };
  await writeFile(join(cwd, 'policy.yaml'), JSON.stringify(policy));
  await writeFile(join(cwd, 'post.md'), `${await done('report', round, '--format', 'post')}\n`);
  const script = namedBlocks('docs/auditor.md')
    .get('audit')
    ?.replace('ROUND=ID', `ROUND=${round}`)
    .replace('QUORUM=https://quorum.example.org', `QUORUM=${stack.coordinator.url}`);
  const audit = ['--norc', '-u', '-c', script ?? 'exit 9'];
  const { stdout, stderr, exitCode } = await execa('bash', audit, { cwd, env, reject: false });
  expect([exitCode, stderr]).toEqual([0, '']);
  const [told, ...rest] = stdout.split('\n');
  expect(told).toBe('exit code 0');
  // Nothing differs from the post: what follows is the checkpoint alone.
  expect(rest[0]).toBe(ORIGIN);
  const audited = JSON.parse(await readFile(join(cwd, 'audit.json'), 'utf8')) as object;
  expect(audited).toMatchObject({ findings: [] });
});

test('bash completes what is typed, rounds of the coordinator included', async () => {
  const { cwd, env } = await install();
  await writeFile(join(cwd, 'completion.bash'), await done('completion', 'bash'));
  const offered = async (...words: readonly string[]): Promise<readonly string[]> => {
    const script = `source ./completion.bash
      [ "$(complete -p repro-quorum)" = "complete -o default -F _repro_quorum repro-quorum" ] || complete -p repro-quorum >&2
      COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)); _repro_quorum; printf '%s\\n' "\${COMPREPLY[@]}"`;
    const { stdout, stderr } = await execa(
      'bash',
      ['--norc', '--noprofile', '-c', script, 'bash', 'repro-quorum', ...words],
      { cwd, env: { ...env, REPRO_QUORUM_COORDINATOR: stack.coordinator.url } },
    );
    expect(stderr).toBe('');
    return stdout.split('\n').filter((line) => line !== '');
  };
  expect(await offered('grou')).toEqual(['group']);
  expect(await offered('news', 're')).toEqual(['remove', 'replay']);
  expect(await offered('report', '--format', '')).toEqual(
    expect.arrayContaining(['text', 'md', 'html', 'json', 'issue', 'post', 'chat']),
  );
  const [id = ''] = await offered('round', 'watch', '');
  expect(id).not.toBe('');
  expect(round.startsWith(id)).toBe(true);
});
