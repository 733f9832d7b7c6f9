import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sha256 } from '#libs/encoding';
import { builtPath } from '../artifact.js';
import { mirrorConf } from '../builder-environment/builder-environment.js';
import { cannotRunHere } from '../builder-environment/prepare.js';
import { git } from '../git.js';
import { differing, openTrial } from '../trial.js';
import type { Trial } from '../trial.js';
import { createIcMini } from './ic-mini.js';

const strange = {
  hostname: 'strange-host',
  umask: 0o077,
  locale: 'en_US.UTF-8',
  timezone: 'Asia/Kathmandu',
  tempFilesystem: { type: 'tmpfs', sizeBytes: 64 * 1024 * 1024 },
} as const;
const cannotBeStrange = await cannotRunHere({ home: '/', tempDir: '/', ...strange });
const script = './ci/container/build-ic.sh';

let trial: Trial;
beforeAll(async () => {
  trial = await openTrial();
});
afterAll(() => trial.close());

describe('the repository', () => {
  test('gives the same commit ids wherever it is made, for the same defects and cut', async () => {
    const other = await createIcMini(join(trial.dir, 'other.git'));
    const ids = (icMini: typeof other) =>
      Promise.all([
        icMini.commit({}),
        icMini.commit({ hostos: ['umask'] }),
        icMini.commit({}, '2026-09-17_03-20'),
      ]);
    const ours = await ids(trial.icMini);
    expect(await ids(other)).toEqual(ours);
    expect(await trial.icMini.commit({})).toBe(ours[0]);
    expect(new Set([...ours, other.master]).size).toBe(4);
  });

  test('has every release on a branch rc-- above a master of several commits', async () => {
    const commit = await trial.icMini.commit({ setupos: ['locale'] });
    const inRepository = (...args: string[]) => git([`--git-dir=${trial.icMini.gitDir}`, ...args]);
    expect(await inRepository('branch', '--contains', commit)).toMatch(
      /^ {2}rc--2026-09-10_03-20-/,
    );
    expect(await inRepository('rev-list', '--count', commit)).toBe('4');
    expect(await inRepository('show', `${commit}:ic-os/defects.conf`)).toContain('setupos locale');
  });

  test('refuses a cut that is no time', async () => {
    await expect(trial.icMini.commit({}, '--upload-pack=x')).rejects.toMatchObject({
      code: 'MALFORMED_CUT',
    });
  });
});

describe('a clean release', () => {
  test.skipIf(cannotBeStrange !== null)(
    'has the same bytes in two environments that share nothing',
    async () => {
      const commit = await trial.icMini.commit({});
      const plain = await trial.build(commit, { umask: 0o022 });
      const conf = mirrorConf('http://127.0.0.1:9/elsewhere');
      const worktree = join(trial.dir, 'a rather/different path/ic');
      const other = await trial.build(commit, { ...strange, containerRunConf: conf, worktree });
      expect(differing(plain, other)).toEqual([]);
      expect(other.log).toContain("Sourcing user's ~/.container-run.conf");
      expect(other.log).toMatch(/\+ exec env -i .*MIRROR_URL=http:\/\/127\.0\.0\.1:9\/elsewhere/);
    },
  );

  test('prints its sums and leaves nothing behind in the temp folder', async () => {
    const commit = await trial.icMini.commit({});
    const { log, artifacts, worktree, environment } = await trial.build(commit);
    for (const name of ['GUESTOS', 'HOSTOS', 'SETUPOS', 'RECOVERY']) {
      expect(log).toContain(`##### ${name} SHA256SUMS #####`);
    }
    expect(log).toContain(`${artifacts['setupos/disk-img'].digest} disk-img.tar.zst\n`);
    expect(log).toContain(`Build complete for revision ${commit}`);
    expect(await readdir(environment.tempDir)).toEqual([]);
    expect(await git(['-C', worktree, 'status', '--porcelain'])).toBe('');
  });

  test('measures both slots with the digest of its own root image', async () => {
    const { worktree } = await trial.build(await trial.icMini.commit({}));
    const path = join(worktree, builtPath('guestos/launch-measurements'));
    const { guest_launch_measurements: measurements } = JSON.parse(
      await readFile(path, 'utf8'),
    ) as {
      guest_launch_measurements: { measurement: number[]; metadata: { kernel_cmdline: string } }[];
    };
    const image = join(worktree, builtPath('guestos/update-img'));
    const member = (name: string) =>
      execa('tar', ['--zstd', '-xOf', image, name], { encoding: 'buffer' });
    const rootHash = sha256((await member('root.img')).stdout);
    const slots = measurements.map(({ metadata }) => metadata.kernel_cmdline);
    expect(slots).toEqual([
      expect.stringContaining(
        `dfinity.system=A security=selinux selinux=1 enforcing=1 root_hash=${rootHash}`,
      ),
      expect.stringContaining(
        `dfinity.system=B security=selinux selinux=1 enforcing=1 root_hash=${rootHash}`,
      ),
    ]);
    expect(measurements.map(({ measurement }) => measurement.length)).toEqual([48, 48]);
    expect(Buffer.from((await member('boot.img')).stdout).includes(rootHash)).toBe(true);
  });
});

describe('the build script', () => {
  const run = async (worktree: string, ...args: string[]) =>
    execa(script, args, {
      cwd: worktree,
      env: { HOME: trial.dir, TMPDIR: trial.dir },
      all: true,
      reject: false,
    });
  let worktree: string;
  beforeAll(async () => {
    ({ worktree } = await trial.build(await trial.icMini.commit({})));
  });

  test('shows its usage, and refuses to guess what to build', async () => {
    expect((await run(worktree, '--help')).exitCode).toBe(0);
    expect(await run(worktree)).toMatchObject({ exitCode: 1 });
    expect(await run(worktree, '--binaries')).toMatchObject({ exitCode: 1 });
  });

  test('does not stamp a non-release build, which therefore differs', async () => {
    const sums = () => readFile(join(worktree, 'artifacts/icos/hostos/update/SHA256SUMS'), 'utf8');
    const release = await sums();
    expect((await run(worktree, '-i', '-n')).exitCode).toBe(0);
    expect(await sums()).not.toBe(release);
  });

  test('refuses options that only a container engine could follow', async () => {
    const home = join(trial.dir, 'mounting');
    await mkdir(home);
    const conf = 'PODMAN_RUN_USR_ARGS="--mount type=tmpfs,destination=/var/sysimage"\n';
    await writeFile(join(home, '.container-run.conf'), conf);
    const result = await execa(script, ['--icos'], {
      cwd: worktree,
      env: { HOME: home },
      reject: false,
    });
    expect(result).toMatchObject({ exitCode: 125 });
    expect(result.stderr).toContain("'--mount' needs a container engine");
  });

  test('refuses a dirty tree', async () => {
    await writeFile(join(worktree, 'rs/replica/src/main.rs'), 'fn main() {}\n');
    const result = await run(worktree, '--icos');
    expect(result.exitCode).toBe(1);
    expect(result.all).toContain('Git working directory is not clean');
  });
});
