import { execa } from 'execa';
import { chmod, mkdir, mkdtemp, rm, statfs, symlink, writeFile } from 'node:fs/promises';
import { hostname, machine, release, tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import process from 'node:process';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { sha256 } from '#libs/encoding';
import { catalogue, isSafeFactText, protectFacts, readMachine, withBuildFacts } from './index.js';
import type { MachineFacts, MachineRequest } from './index.js';

let dir = '';
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'fingerprint-'));
});
afterEach(async () => {
  await rm(dir, { recursive: true, force: true });
});

const read = (over: Partial<MachineRequest> = {}): Promise<MachineFacts> =>
  readMachine({
    buildDir: join(dir, 'build/not/yet'),
    cacheDir: join(dir, 'cache'),
    tempDir: dir,
    home: dir,
    env: { PATH: process.env['PATH'], LANG: 'de_DE.UTF-8', TZ: 'Asia/Tokyo' },
    umask: 0o027,
    ...over,
  });

async function program(name: string, body: string): Promise<string> {
  const path = join(dir, name);
  await writeFile(path, `#!/bin/sh\n${body}\n`);
  await chmod(path, 0o755);
  return path;
}

describe('this machine', () => {
  test('has facts of the right kinds and of sane sizes', async () => {
    const facts = await read();
    for (const { name, kind } of catalogue) {
      if (!(name in facts)) continue;
      const value = facts[name as keyof MachineFacts];
      if (value !== null) expect(typeof value, name).toBe(kind === 'text' ? 'string' : kind);
    }
    expect(facts).toMatchObject({
      'machine.architecture': machine(),
      'machine.hostname': hostname(),
      'os.kernel': release(),
      'user.uid': process.getuid?.(),
      'user.umask': '0027',
      'user.home': dir,
      'locale.lang': 'de_DE.UTF-8',
      'locale.collation': 'de_DE.UTF-8',
      'time.zone': 'Asia/Tokyo',
      'node.version': process.version,
      'disk.cache.warm': false,
      'container.run-conf': false,
      'container.run-conf-digest': 'none',
    });
    expect(facts['memory.ram']).toBeGreaterThan(64 * 1024 * 1024);
    expect(facts['memory.swap']).toBeGreaterThanOrEqual(0);
    expect(facts['cpu.count']).toBeGreaterThanOrEqual(1);
    expect(facts['os.id']).toMatch(/^[a-z0-9._-]+$/);
    expect(facts['git.version']).toMatch(/^(\d+\.|none)/);
  });

  test('tells of its disks what statfs tells', async () => {
    const facts = await read();
    const stats = await statfs(dir);
    expect(facts['temp.block-size']).toBe(stats.bsize);
    expect(facts['temp.size']).toBe(stats.blocks * (stats.frsize || stats.bsize));
    expect(facts['disk.build.size']).toBe(facts['temp.size']);
    expect(facts['temp.free']).toBeLessThanOrEqual(stats.blocks * stats.bsize);
    expect(facts['temp.filesystem']).toMatch(/^\w+$/);
    expect(facts['temp.tmpfs']).toBe(facts['temp.filesystem'] === 'tmpfs');
  });

  test('read twice is the same but for what is free', async () => {
    const [one, two] = await Promise.all([read(), read()]);
    const steady = ([name]: [string, unknown]): boolean => !name.endsWith('.free');
    expect(Object.entries(one).filter(steady)).toEqual(Object.entries(two).filter(steady));
  });

  test('leaves nothing of host, user or home in what is published', async () => {
    const home = join(dir, 'home-of-somebody');
    const facts = withBuildFacts(await read({ home }), { 'build.command': `${home}/x` });
    const out = protectFacts(facts, { salt: new Uint8Array(32), withheld: [] });
    expect(JSON.stringify(out)).not.toContain('home-of-somebody');
    for (const value of Object.values(out)) {
      if (typeof value === 'string') expect(isSafeFactText(value)).toBe(true);
    }
  });
});

describe('tmpfs', () => {
  test('is told apart', async (context) => {
    const { type } = await statfs('/dev/shm').catch(() => ({ type: 0 }));
    if (type !== 0x01021994) context.skip('this machine has no tmpfs at /dev/shm');
    expect(await read({ tempDir: '/dev/shm' })).toMatchObject({
      'temp.filesystem': 'tmpfs',
      'temp.tmpfs': true,
    });
  });
});

describe('a temp directory of 1 KiB blocks', () => {
  test('reports 1024, also through a link', async (context) => {
    if (process.getuid?.() !== 0) context.skip('mounting a filesystem needs root');
    const [image, point] = [join(dir, 'image'), join(dir, 'point')];
    await mkdir(point);
    const run = (file: string, args: string[]) => execa(file, args, { reject: false });
    const made = await run('mkfs.ext4', ['-q', '-F', '-b', '1024', image, '16M']);
    if (made.failed) context.skip(`mkfs.ext4 does not run here: ${made.shortMessage ?? ''}`);
    const mounted = await run('mount', ['-o', 'loop', image, point]);
    if (mounted.failed) context.skip(`no loop mount here: ${mounted.shortMessage ?? ''}`);
    try {
      await symlink(point, join(dir, 'link'));
      for (const tempDir of [point, join(dir, 'link'), join(point, 'not/yet')]) {
        expect(await read({ tempDir })).toMatchObject({
          'temp.block-size': 1024,
          'temp.filesystem': 'ext4',
          'temp.tmpfs': false,
        });
      }
    } finally {
      await execa('umount', [point]);
    }
  });
});

describe('what cannot be read', () => {
  test('a program that never answers costs its time and no more', async () => {
    const hang = await program('hang', 'exec sleep 600');
    const began = performance.now();
    const facts = await read({
      commands: { podman: hang, git: hang, 'systemd-detect-virt': hang },
      timeoutMs: 300,
    });
    expect(performance.now() - began).toBeLessThan(5_000);
    expect(facts).toMatchObject({
      'container.engine': null,
      'container.version': null,
      'git.version': null,
    });
    expect(facts['os.kernel']).toBe(release());
  });

  test('a program whose child keeps its output open costs no more either', async () => {
    const fork = await program('fork', 'sleep 5 &\nexec sleep 5');
    const began = performance.now();
    const facts = await read({ commands: { git: fork }, timeoutMs: 300 });
    expect(performance.now() - began).toBeLessThan(4_000);
    expect(facts['git.version']).toBeNull();
  });

  test('a program that is not there is none, one that babbles is cut', async () => {
    const babble = await program('babble', 'yes 9 | head -c 1000000');
    const facts = await read({
      commands: { podman: join(dir, 'no'), docker: join(dir, 'no'), git: babble },
    });
    expect(facts).toMatchObject({ 'container.engine': 'none', 'container.version': 'none' });
    expect(facts['git.version']).toBeNull();
  });

  test('podman goes before docker, and only the version is taken', async () => {
    const commands = {
      podman: await program('podman', 'echo podman version 4.3.1'),
      docker: await program('docker', 'echo Docker version 24.0.5, build ced0996'),
    };
    expect(await read({ commands })).toMatchObject({
      'container.engine': 'podman',
      'container.version': '4.3.1',
    });
    expect(await read({ commands: { ...commands, podman: join(dir, 'no') } })).toMatchObject({
      'container.engine': 'docker',
      'container.version': '24.0.5',
    });
  });

  test('programs see neither the agent’s environment nor its secrets', async () => {
    const git = await program('git', 'test -z "$SECRET" && echo "1.$LC_ALL.0" | tr C 7');
    process.env['SECRET'] = 'x';
    try {
      const facts = await read({
        commands: { git },
        env: { ...process.env, PATH: '/usr/bin:/bin' },
      });
      expect(facts['git.version']).toBe('1.7.0');
    } finally {
      delete process.env['SECRET'];
    }
  });

  test('a private configuration is hashed; a pipe in its place is not waited for', async () => {
    const conf = join(dir, '.container-run.conf');
    await writeFile(conf, 'PODMAN_RUN_USR_ARGS=(-v /x:/x)\n');
    expect(await read()).toMatchObject({
      'container.run-conf': true,
      'container.run-conf-digest': sha256('PODMAN_RUN_USR_ARGS=(-v /x:/x)\n'),
    });
    await rm(conf);
    await execa('mkfifo', [conf]);
    expect(await read()).toMatchObject({
      'container.run-conf': true,
      'container.run-conf-digest': null,
    });
  });

  test('a cache that an earlier build left is warm', async () => {
    await mkdir(join(dir, 'cache'));
    expect((await read())['disk.cache.warm']).toBe(false);
    await writeFile(join(dir, 'cache/x'), '');
    expect((await read())['disk.cache.warm']).toBe(true);
    expect((await read({ cacheDir: join(dir, 'cache/x') }))['disk.cache.warm']).toBeNull();
  });
});
