import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createProgram } from '../program.js';
import { bashCompletion } from './bash.js';
import { fishCompletion } from './fish.js';
import { placesOf } from './places.js';
import { zshCompletion } from './zsh.js';

const places = placesOf(createProgram({}));
const has = (shell: string): boolean => spawnSync(shell, ['-c', 'true']).status === 0;
let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'repro-quorum-completion-'));
  await writeFile(join(folder, 'bash'), bashCompletion(places));
  await writeFile(join(folder, 'zsh'), zshCompletion(places));
  await writeFile(join(folder, 'fish'), fishCompletion(places));
  const program =
    '#!/bin/sh\n[ "$1" = complete-rounds ] && printf "0123456789ab\\tProposal 1\\n"\n';
  await writeFile(join(folder, 'repro-quorum'), program, { mode: 0o755 });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function run(shell: string, args: readonly string[]): string {
  const { stdout, stderr } = spawnSync(shell, args, {
    cwd: folder,
    encoding: 'utf8',
    env: { PATH: `${folder}:${process.env['PATH'] ?? ''}`, HOME: folder },
  });
  expect(stderr).toBe('');
  return stdout;
}

/** What bash offers for the last of the words typed. */
function bash(...words: readonly string[]): readonly string[] {
  const script =
    'source ./bash; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _repro_quorum; printf "%s\\n" "${COMPREPLY[@]}"';
  const lines = run('bash', [
    '--norc',
    '--noprofile',
    '-euo',
    'pipefail',
    '-c',
    script,
    'bash',
    'repro-quorum',
    ...words,
  ]);
  return lines.split('\n').filter((line) => line !== '');
}

/** What the script for zsh gives zsh to choose from, for the last of the words typed. */
function zsh(...typed: readonly string[]): readonly string[] {
  const script = `
    compdef() { [[ $1 == _repro_quorum ]] || print wrong }
    compadd() { shift; print -rl -- "$@" }
    _files() { print FILES }
    _describe() { print -rl -- "\${(@P)argv[-1]}" }
    source ./zsh
    words=("$@") CURRENT=$#
    _repro_quorum`;
  return run('zsh', ['-f', '-c', script, 'zsh', 'repro-quorum', ...typed])
    .split('\n')
    .map((offer) => offer.split(':')[0] ?? '');
}

/** What fish offers for the last of the words typed. */
function fish(...words: readonly string[]): readonly string[] {
  const line = ['repro-quorum', ...words].join(' ');
  const script = `source ./fish; complete -C '${line}'`;
  return run('fish', ['--no-config', '-c', script])
    .split('\n')
    .map((offer) => offer.split('\t')[0] ?? '')
    .filter((offer) => offer !== '');
}

const CASES: readonly (readonly [typed: readonly string[], offered: readonly string[]])[] = [
  [['rep'], ['report']],
  [['round', 'w'], ['watch']],
  [['round', 'ex'], ['export']],
  [['report', '--form'], ['--format']],
  [['report', '--format', 'h'], ['html']],
  [['round', 'watch', ''], ['0123456789ab']],
  [['--coordinator', 'round', 'round', 'sh'], ['show']],
  [['coordinator', 'token', 'l'], ['list']],
  [['completion', 'z'], ['zsh']],
  [['round', 'open', '--thr'], ['--threshold']],
];

describe('completion', () => {
  test.each(CASES)('of %j in bash is %j', (typed, offered) => {
    expect(bash(...typed)).toEqual(offered);
  });

  test('knows every command and option that the help shows', () => {
    const program = createProgram({});
    expect(bash('')).toEqual(
      expect.arrayContaining(
        program
          .createHelp()
          .visibleCommands(program)
          .map((one) => one.name()),
      ),
    );
    expect(bash('round', 'open', '--')).toContain('--not-blind');
    expect(bash('')).not.toContain('complete-rounds');
  });

  test.skipIf(!has('zsh')).each(CASES)('of %j in zsh has %j', (typed, offered) => {
    expect(zsh(...typed)).toEqual(expect.arrayContaining([...offered]));
  });

  test.skipIf(!has('fish')).each(CASES)('of %j in fish is %j', (typed, offered) => {
    expect(fish(...typed)).toEqual(offered);
  });
});
