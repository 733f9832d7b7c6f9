import { existsSync, readFileSync } from 'node:fs';
import { cp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, test } from 'vitest';
import { inSteps, projectRoot, scratch, writeProgram } from './checkout.js';

async function closingLine(told: string, status: number): Promise<string> {
  const file = join(await scratch(), 'counts');
  await writeFile(file, told);
  const lines = `sum_counts ${file} ${status} && echo success || echo failure`;
  return inSteps(projectRoot, lines, { REPRO_QUORUM_COUNTS_INTO: '' });
}

describe('the closing line', () => {
  test.each([
    [
      'sums what all parts counted',
      '1 0 0\n20 0 3\n',
      0,
      '21 passed, 0 failed, 3 skipped\nsuccess',
    ],
    ['fails with one failure', '1 0 0\n0 1 0\n', 1, '1 passed, 1 failed, 0 skipped\nfailure'],
    [
      'takes an unexplained end for a failure',
      '5 0 0\n',
      7,
      '5 passed, 1 failed, 0 skipped\nfailure',
    ],
  ])('%s', async (_, told, status, line) => {
    expect(await closingLine(told, status)).toBe(line);
  });
});

/** Runs `.ci/run` from another directory, with a stand-in for `./run`. */
async function runCi(run: string): Promise<{ lines: string[]; exitCode: number | undefined }> {
  const root = await scratch();
  await cp(join(projectRoot, '.ci'), join(root, '.ci'), { recursive: true });
  await writeProgram(join(root, 'run'), `#!/usr/bin/env bash\n${run}\n`);
  const ended = await execa('bash', [join(root, '.ci/run')], {
    cwd: '/',
    stdin: 'ignore',
    reject: false,
  });
  return { lines: ended.stdout.split('\n'), exitCode: ended.exitCode };
}

describe('.ci/run', () => {
  test('runs both suites and closes with one line for both', async () => {
    const { lines, exitCode } = await runCi(
      'echo "$@"; echo "4 0 1" >>"$REPRO_QUORUM_COUNTS_INTO"',
    );
    expect([lines, exitCode]).toEqual([['test', 'test full', '8 passed, 0 failed, 2 skipped'], 0]);
  });

  test('counts a suite that told nothing as a failure, and still runs the other', async () => {
    const { lines, exitCode } = await runCi(
      '[[ $# == 1 ]] && exit 2; echo "4 0 1" >>"$REPRO_QUORUM_COUNTS_INTO"',
    );
    expect([lines.at(-1), exitCode]).toEqual(['4 passed, 1 failed, 1 skipped', 1]);
    expect(lines).toContain('- ./run test: ended with 2 before it counted anything');
  });

  test('does not take a failed suite for a good one because it counted no failure', async () => {
    const { lines, exitCode } = await runCi('echo "4 0 0" >>"$REPRO_QUORUM_COUNTS_INTO"; exit 1');
    expect([lines.at(-1), exitCode]).toEqual(['8 passed, 2 failed, 0 skipped', 1]);
  });

  test('names what passed only when it was run again, alone', async () => {
    const { lines, exitCode } = await runCi(
      'echo "4 0 0" >>"$REPRO_QUORUM_COUNTS_INTO"; echo "slow: $*" >>"$REPRO_QUORUM_COUNTS_INTO.again"',
    );
    expect([lines.slice(-4), exitCode]).toEqual([
      ['- slow: test', '- slow: test full', '', '8 passed, 0 failed, 0 skipped'],
      0,
    ]);
  });

  test('names what failed in either suite right before the closing line, and counts the rest', async () => {
    const { lines } = await runCi(
      'echo "4 30 0" >>"$REPRO_QUORUM_COUNTS_INTO"; seq -f "$* %g" 30 >>"$REPRO_QUORUM_COUNTS_INTO.failed"; exit 1',
    );
    expect(lines.slice(-5)).toEqual([
      '- test full 9',
      '- test full 10',
      '- and 20 more',
      '',
      '8 passed, 60 failed, 0 skipped',
    ]);
    expect(lines).toContain('- test 1');
  });
});

const SPEC = `
  test('good', () => {});
  test('bad', () => expect(1).toBe(2));
  test.skip('skipped', () => {});
  describe('hooked', () => {
    afterAll(() => { throw new Error('in a hook'); });
    test('good too', () => {});
  });`;
const STRAY = "test('leaves an error', () => { void Promise.reject(new Error('unhandled')); });";
const GOOD = "test('good', () => {}); test.skip('skipped', () => {});";

/** Runs specs; gives what the reporter told, by the end of the file's name. */
async function report(specs: Readonly<Record<string, string>>): Promise<(end: string) => string> {
  const root = await scratch();
  await writeFile(join(root, 'vitest.config.js'), 'export default { test: { globals: true } };');
  for (const [name, text] of Object.entries(specs)) await writeFile(join(root, name), text);
  const told = join(root, 'told');
  await execa(
    process.execPath,
    [
      join(projectRoot, 'node_modules/vitest/vitest.mjs'),
      ...['run', '--root', root],
      `--reporter=${join(projectRoot, 'e2e/reporting/count-reporter.ts')}`,
    ],
    { cwd: projectRoot, reject: false, env: { REPRO_QUORUM_COUNTS_FILE: told } },
  );
  return (end) => (existsSync(`${told}${end}`) ? readFileSync(`${told}${end}`, 'utf8') : '');
}

describe('the reporter of vitest', () => {
  const failing = { 'some.spec.js': SPEC, 'broken.spec.js': 'throw new Error("at load");' };

  test('counts tests, files that do not load, hooks that throw and stray errors, and names them', async () => {
    const told = await report({ ...failing, 'stray.spec.js': STRAY });
    // Passed: three. Failed: one test, one file, one hook, one stray error.
    expect(told('')).toBe('3 4 1\n');
    expect(told('.failed').trimEnd().split('\n').toSorted()).toEqual([
      'broken.spec.js: at load',
      'outside of all tests: unhandled',
      'some.spec.js > bad: expected 1 to be 2 // Object.is equality',
      'some.spec.js > hooked: in a hook',
    ]);
    expect(told('.files')).toBe('');
  });

  test('lists the files to run again, and counts what needs no second run', async () => {
    const told = await report({ ...failing, 'good.spec.js': GOOD });
    expect(told('')).toBe('3 3 2\n');
    expect(told('.files').trimEnd().split('\n').toSorted()).toEqual([
      'broken.spec.js',
      'some.spec.js',
    ]);
    expect(told('.others')).toBe('1 0 1\n');
  });
});
