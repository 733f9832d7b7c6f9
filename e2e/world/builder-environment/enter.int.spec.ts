import { mkdtemp, readFile, readdir, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { BuilderEnvironment } from './builder-environment.js';
import { enter } from './enter.js';
import { cannotRunHere, prepare } from './prepare.js';

const sizeBytes = 16 * 1024 * 1024;
const tmpfs = { tempFilesystem: { type: 'tmpfs', sizeBytes } } as const;
const ext4 = { tempFilesystem: { type: 'ext4', sizeBytes, blockSizeBytes: 1024 } } as const;
const isMissing = async (wishes: Partial<BuilderEnvironment>) =>
  (await cannotRunHere({ home: '/', tempDir: '/', ...wishes })) !== null;
const isMissingFor = {
  hostname: await isMissing({ hostname: 'a' }),
  tmpfs: await isMissing(tmpfs),
  ext4: await isMissing(ext4),
  user: await isMissing({ user: 'nobody' }),
};

let dir: string;
let environment: BuilderEnvironment;
beforeAll(async () => {
  dir = await realpath(await mkdtemp(join(tmpdir(), 'environment-')));
  environment = { home: join(dir, 'home'), tempDir: join(dir, 'tmp') };
});
afterAll(() => rm(dir, { recursive: true, force: true }));

const start = (wishes: Partial<BuilderEnvironment>, ...command: string[]) => {
  const { file, args, env } = enter({ ...environment, ...wishes }, command);
  return execa(file, args, { env, reject: false });
};
const inside = async (wishes: Partial<BuilderEnvironment>, ...command: string[]) => {
  await prepare({ ...environment, ...wishes });
  return (await start(wishes, ...command)).stdout;
};

describe('inside a builder environment', () => {
  test('home, temp folder, time zone and umask are the builder’s', async () => {
    const script =
      'echo "$HOME" "$TMPDIR" "$(umask)" "$(date -d @0 +%H)"; cat "$HOME/.container-run.conf"';
    const wishes = { umask: 0o027, timezone: 'Etc/GMT-5', containerRunConf: 'A=1\n' };
    expect(await inside(wishes, 'bash', '-c', script)).toBe(
      `${environment.home} ${environment.tempDir} 0027 05\nA=1`,
    );
    expect(await inside({}, 'ls', '-A', environment.home)).toBe('');
  });

  test('a file grows to its limit and no further', async () => {
    const path = join(environment.tempDir, 'grown');
    await prepare(environment);
    const result = await start({ fileSizeLimitBytes: 4096 }, 'truncate', '-s', '4097', path);
    expect(result.failed).toBe(true);
    expect((await start({ fileSizeLimitBytes: 4096 }, 'truncate', '-s', '4096', path)).failed).toBe(
      false,
    );
    await rm(path);
  });

  test('there are as many processors and open files as asked for, and an old kernel', async () => {
    const wishes = { processors: 1, openFilesLimit: 123, isOldKernel: true };
    const script = 'echo "$(nproc) $(ulimit -n) $(uname -r)"';
    expect(await inside(wishes, 'bash', '-c', script)).toMatch(/^1 123 2\.6\.\d+/);
    const many = await start({ processors: 100_000 }, 'true');
    expect(many.stderr).toMatch(/^enter.sh: there are \d+ processors, not 100000$/);
  });

  test.skipIf(isMissingFor.user)('another user is at home, and nobody but it', async () => {
    const script = 'id -un; touch "$HOME/mine" "$TMPDIR/mine" && stat -c %U "$HOME/mine"';
    const home = join(dir, 'nobody/home');
    const wishes = { user: 'nobody', home, tempDir: join(dir, 'nobody/tmp') };
    expect(await inside(wishes, 'bash', '-c', script)).toBe('nobody\nnobody');
  });

  test.skipIf(isMissingFor.hostname)('the hostname is its own, and ours stays', async () => {
    const ours = (await execa('uname', ['-n'])).stdout;
    expect(await inside({ hostname: 'builder-7' }, 'uname', '-n')).toBe('builder-7');
    expect((await execa('uname', ['-n'])).stdout).toBe(ours);
  });

  test.skipIf(isMissingFor.tmpfs)('nobody else sees its temp filesystem', async () => {
    const script = 'touch "$TMPDIR/private"; stat -f -c %T "$TMPDIR"';
    expect(await inside(tmpfs, 'bash', '-c', script)).toBe('tmpfs');
    expect(await readdir(environment.tempDir)).toEqual([]);
  });

  test.skipIf(isMissingFor.ext4)('a temp filesystem has the block size asked for', async () => {
    expect(await inside(ext4, 'stat', '-f', '-c', '%S', environment.tempDir)).toBe('1024');
    // The image is gone from the folder and the loop device from the kernel.
    expect((await readdir(dir)).filter((name) => name.startsWith('tmp.'))).toEqual([]);
    expect((await execa('losetup', ['--list'])).stdout).not.toContain(dir);
  });
});

describe('killing the process that was started', () => {
  test.skipIf(isMissingFor.tmpfs).each([
    ['plain', {}],
    ['in namespaces', { ...tmpfs, hostname: 'mortal' }],
  ])('kills the command itself, %s', async (_, wishes) => {
    const ready = join(dir, 'ready');
    await writeFile(ready, '');
    await prepare({ ...environment, ...wishes });
    const child = start(
      wishes,
      'bash',
      '-c',
      `echo $$ > ${ready}; while :; do read -t 60; done <> <(:)`,
    );
    let pid = '';
    while (pid === '') {
      await delay(5);
      pid = (await readFile(ready, 'utf8')).trim();
    }
    expect(pid).toBe(String(child.pid));
    child.kill('SIGKILL');
    expect((await child).signal).toBe('SIGKILL');
  });
});

describe('an environment that cannot be had', () => {
  test('says so in one sentence', async () => {
    const sentence = await cannotRunHere({
      ...environment,
      tempFilesystem: { type: 'tmpfs', sizeBytes: -1 },
    });
    expect(sentence).toMatch(/^a builder with a tmpfs of its own .* cannot run here: .+/);
    expect(sentence).not.toContain('\n');
  });

  test('is none when nothing special is asked for', async () => {
    expect(await cannotRunHere(environment)).toBeNull();
  });
});
