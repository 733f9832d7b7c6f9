import { cp, mkdir, mkdtemp, readdir, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { projectRoot, writeProgram } from './checkout.js';

/** What a machine needs to reach its package registry; everything else of ours stays outside. */
const REACH = /^(?:npm_config_.*|https?_proxy|no_proxy|NODE_EXTRA_CA_CERTS|SSL_CERT_.*)$/i;

let machine: string;
let checkout: string;

/** Runs `./run` on a machine with an empty home, an npm, and no Node that the project could use. */
function run(...args: string[]) {
  const reach = Object.entries(process.env).filter(([name]) => REACH.test(name));
  return execa(join(checkout, 'run'), args, {
    cwd: '/',
    extendEnv: false,
    env: {
      ...Object.fromEntries(reach),
      HOME: join(machine, 'home'),
      PATH: join(machine, 'bin'),
    },
    reject: false,
  });
}

/** Copies the files that a clone would have, edited or not. */
async function copyCheckout(target: string): Promise<void> {
  const { stdout } = await execa(
    'git',
    ['ls-files', '-z', '--cached', '--others', '--exclude-standard'],
    { cwd: projectRoot },
  );
  const files = stdout.split('\0').filter((file) => file !== '');
  for (const file of files) {
    const exists = await stat(join(projectRoot, file)).catch(() => undefined);
    if (exists !== undefined) await cp(join(projectRoot, file), join(target, file));
  }
}

beforeAll(async () => {
  machine = await mkdtemp(join(tmpdir(), 'repro-quorum-machine-'));
  checkout = join(machine, 'checkout');
  await mkdir(join(machine, 'home'));
  await mkdir(join(machine, 'bin'));
  for (const name of await readdir('/usr/bin')) {
    if (!['node', 'nodejs', 'npm', 'npx', 'corepack'].includes(name)) {
      await symlink(join('/usr/bin', name), join(machine, 'bin', name));
    }
  }
  const { stdout: npm } = await execa('bash', ['-c', 'readlink -f "$(command -v npm)"']);
  await writeProgram(join(machine, 'bin/npm'), `#!/bin/sh\nexec ${process.execPath} ${npm} "$@"\n`);
  await copyCheckout(checkout);
});
afterAll(() => rm(machine, { recursive: true, force: true }));

describe('./run setup on a machine without Node', () => {
  test('brings Node, packages and dist, though two of them run at once', async () => {
    const both = await Promise.all([run('setup'), run('setup')]);
    expect(both.map(({ exitCode, stderr }) => [exitCode, stderr.split('\n').at(-1)])).toEqual([
      [0, 'all is there'],
      [0, 'all is there'],
    ]);
    const fetched = both.filter(({ stderr }) => stderr.includes('fetching Node.js'));
    expect(fetched).toHaveLength(1);
    const node = join(checkout, '.tools/node-24.21.0/bin/node');
    expect((await execa(node, ['--version'])).stdout).toBe('v24.21.0');
    const scratch = (await readdir(join(checkout, '.tools'))).filter((name) => /^tmp/.test(name));
    expect(scratch).toEqual([]);
  });

  test('has nothing more to do the second time', async () => {
    expect((await run('setup')).stderr).toBe('all is there');
  });

  test('starts the command line in the directory of its caller', async () => {
    const { exitCode, stdout } = await run('cli', '--version');
    expect([exitCode, stdout]).toEqual([0, expect.stringMatching(/\d+\.\d+\.\d+/)]);
  });

  test('builds what was added, and serves nothing of what was deleted', async () => {
    const source = join(checkout, 'libs/encoding/src/passing.ts');
    const output = join(checkout, 'dist/libs/encoding/src/passing.js');
    await writeFile(source, 'export const passing = 1;\n');
    expect((await run('setup')).stderr).toBe('building\nall is there');
    await expect(stat(output)).resolves.toBeDefined();
    await rm(source);
    expect((await run('setup')).stderr).toBe('building\nall is there');
    await expect(stat(output)).rejects.toThrow('ENOENT');
  });

  test('does not take a build for good that somebody has cut a hole in', async () => {
    const output = join(checkout, 'dist/libs/encoding/src/hex.js');
    await rm(output);
    await rm(join(checkout, 'dist/.built'));
    expect((await run('setup')).exitCode).toBe(0);
    await expect(stat(output)).resolves.toBeDefined();
  });

  test('refuses sources that do not compile, each time, and tells where', async () => {
    const source = join(checkout, 'libs/encoding/src/wrong.ts');
    await writeFile(source, 'export const wrong: number = "text";\n');
    for (const { exitCode, stderr } of [await run('setup'), await run('cli', '--version')]) {
      expect([exitCode, stderr]).toEqual([2, expect.stringContaining('wrong.ts(1,14): error')]);
    }
    await rm(source);
    expect((await run('setup')).exitCode).toBe(0);
  });
});
