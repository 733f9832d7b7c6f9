import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { catalogue } from '#libs/fingerprint';
import { openBench } from './bench.js';
import { note } from './processes.js';
import { SCRIPT_HEAD } from './repository.js';

test('without consent an agent shows what would become public, and signs nothing', async () => {
  const bench = await openBench();
  await bench.dispatch(await bench.commit(`${SCRIPT_HEAD}exit 1\n`));
  const { exitCode, stderr, stdout } = await bench.run({
    ...{ PUBLICATION_CONSENT: undefined, WITHHELD_FACTS: 'os.kernel' },
  });
  expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
  for (const { name } of catalogue) expect(stderr).toContain(`  ${name} `);
  expect(stderr).toMatch(/^ {2}os\.kernel +\(withheld\)$/m);
  expect(stderr).toMatch(/^ {2}machine\.hostname +a digest, salted anew each round$/m);
  expect(stderr).not.toContain(bench.dir);
  expect(stderr).toContain('PUBLICATION_CONSENT=yes');
  expect(bench.committed()).toEqual([]);
  expect(await readdir(bench.dir)).not.toContain('state');
});

test('an agent that is told nothing lists all that it has to be told', async () => {
  const bench = await openBench();
  const { exitCode, stderr } = await bench.run({}, 'nothing');
  expect(exitCode).toBe(2);
  for (const name of [
    ...['COORDINATOR_URL', 'COORDINATOR_VKEY', 'KEY_FILE', 'STATE_DIR', 'CACHE_DIR'],
    ...['BUILD_DIR', 'BUILD_HOME'],
  ]) {
    expect(stderr).toContain(`→ at ${name}`);
  }
  expect(stderr).not.toContain('at file:');
});

test('a key that is none is told in a sentence, without its text', async () => {
  const bench = await openBench();
  const garbage = join(bench.dir, 'garbage.pem');
  await writeFile(garbage, 'very secret garbage');
  for (const [name, value, words] of [
    ['KEY_FILE', join(bench.dir, 'missing.pem'), 'KEY_FILE is not usable: ENOENT'],
    ['KEY_FILE', garbage, 'KEY_FILE is not usable: not a PEM private key'],
    ['COORDINATOR_VKEY', 'spec.invalid+00000000+AAAA', 'COORDINATOR_VKEY is not usable: '],
    ['WITHHELD_FACTS', 'machine.hostnam', 'at WITHHELD_FACTS'],
  ] as const) {
    const { exitCode, stderr } = await bench.run({ [name]: value });
    expect(exitCode).toBe(2);
    expect(stderr).toContain(words);
    expect(stderr).not.toMatch(/very secret|\n\s+at .*:\d+:\d+/);
  }
});

test('a second agent on one state folder ends at once, and leaves the build of the first alone', async () => {
  const bench = await openBench();
  await bench.start({ BUILD_CACHE: 'warm' });
  const script = `${SCRIPT_HEAD}echo $$ >"$HOME/begun"; until [ -e "$HOME/go" ]; do sleep 0.1; done; exit 7\n`;
  const round = await bench.dispatch(await bench.commit(script));
  await note(bench.home, 'begun');
  const { exitCode, stderr } = await bench.run({ BUILD_CACHE: 'warm' });
  expect(exitCode).toBe(2);
  expect(stderr).toContain('STATE_DIR is not usable: another agent runs on it');
  await writeFile(join(bench.home, 'go'), '');
  const result = await bench.resultOf(round);
  expect(result).toMatchObject({ kind: 'failed', class: 'build-error' });
  expect(result.kind === 'failed' && result.message).toMatch(/^the build script exited with 7/);
});
