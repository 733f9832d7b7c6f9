import { execa } from 'execa';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { readExtras } from './read-extras.js';
import type { MachineExtras } from './extras.js';
import type { ExtrasRequest } from '../request.js';

let dir = '';
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'extras-'));
  await mkdir(join(dir, 'home'));
});
afterEach(async () => {
  await rm(dir, { recursive: true, force: true });
});

const read = (over: Partial<ExtrasRequest> = {}): Promise<MachineExtras> =>
  readExtras({
    buildDir: join(dir, 'build/not/yet'),
    cacheDir: dir,
    tempDir: dir,
    home: join(dir, 'home'),
    env: { PATH: process.env['PATH'] },
    umask: 0o022,
    ...over,
  });

async function program(name: string, body: string): Promise<string> {
  const path = join(dir, name);
  await writeFile(path, `#!/bin/sh\n${body}\n`);
  await chmod(path, 0o755);
  return path;
}

describe('this machine', () => {
  test('tells what preflight asks, and nothing is made', async () => {
    const extras = await read();
    expect(extras).toMatchObject({
      'tool.bash': true,
      'tool.flock': true,
      'wsl.version': expect.stringMatching(/^none$|^\d/) as string,
      'folder.build': 'writable',
      'folder.home': 'writable',
      'path.build': join(dir, 'build/not/yet'),
      'shell.nix': false,
      'clock.skew': null,
    });
    expect([1, 2, null]).toContain(extras['cgroup.version']);
    expect(['free', 'asks', 'none']).toContain(extras['sudo.use']);
    // A setting of the kernel that is there can be read by everybody.
    expect(extras['rootless.namespaces']).toMatch(/^allowed$|^(?:kernel|user)\.\w+=[01]$/);
    expect(await readdir(dir)).toEqual(['home']);
  });
});

describe('programs', () => {
  test('are none where they are not', async () => {
    const no = join(dir, 'no');
    expect(await read({ commands: { podman: no, flock: no, sudo: no } })).toMatchObject({
      ...{ 'engine.podman': 'none', 'tool.flock': false, 'sudo.use': 'none' },
    });
  });

  test('are unknown where they do not answer', async () => {
    const hang = await program('hang', 'exec sleep 600');
    const commands = { docker: hang, newuidmap: hang, bash: hang };
    expect(await read({ commands, timeoutMs: 300 })).toMatchObject({
      ...{ 'engine.docker': null, 'tool.newuidmap': null, 'tool.bash': null },
    });
  });

  test('podman and docker are both told', async () => {
    const commands = {
      podman: await program('podman', 'echo podman version 4.3.1'),
      docker: await program('docker', 'echo Docker version 24.0.5, build ced0996'),
    };
    expect(await read({ commands })).toMatchObject({
      'engine.podman': '4.3.1',
      'engine.docker': '24.0.5',
    });
  });

  test.for([
    ['exit 0', 'free'],
    ['exit 1', 'asks'],
    ['test "$1 $2" = "-n true"', 'free'],
    ['exec sleep 600', null],
  ] as const)('sudo that does %j: %s', async ([body, use]) => {
    const commands = { sudo: await program('sudo', body) };
    expect((await read({ commands, timeoutMs: 300 }))['sudo.use']).toBe(use);
  });

  test('newuidmap has no --version; that it answers is enough', async () => {
    const commands = { newuidmap: await program('newuidmap', 'echo usage >&2; exit 1') };
    expect((await read({ commands }))['tool.newuidmap']).toBe(true);
  });

  test('the version of WSL is read in UTF-16 and in any language', async () => {
    const text = 'WSL-Version: 2.9.11.0\r\nKernelversion: 6.18.40.1-1\r\n';
    await writeFile(join(dir, 'answer'), Buffer.from(text, 'utf16le'));
    const commands = { 'wsl.exe': await program('wsl.exe', `cat '${join(dir, 'answer')}'`) };
    expect((await read({ commands }))['wsl.version']).toBe('2.9.11.0');
  });
});

describe('folders', () => {
  test('a file in the way is told from a folder that is not there', async () => {
    await writeFile(join(dir, 'file'), '');
    expect(
      await read({ buildDir: join(dir, 'file'), cacheDir: join(dir, 'file/below/it') }),
    ).toMatchObject({ 'folder.build': 'not-a-folder', 'folder.cache': 'not-a-folder' });
  });

  test('a link is followed', async () => {
    await symlink(join(dir, 'home'), join(dir, 'link'));
    expect((await read({ cacheDir: join(dir, 'link') }))['folder.cache']).toBe('writable');
  });

  test('one that may not be written to, and one that may not be made', async (context) => {
    if (process.getuid?.() === 0) context.skip('root may write everywhere');
    await mkdir(join(dir, 'closed'), { mode: 0o555 });
    await mkdir(join(dir, 'secret'), { mode: 0 });
    expect((await read({ tempDir: join(dir, 'secret/below') }))['folder.temp']).toBe(
      'not-writable',
    );
    expect(
      await read({ buildDir: join(dir, 'closed'), cacheDir: join(dir, 'closed/below') }),
    ).toMatchObject({ 'folder.build': 'not-writable', 'folder.cache': 'cannot-be-made' });
  });

  test('where the filesystem is read-only, root may not write either', async (context) => {
    if (process.getuid?.() !== 0) context.skip('mounting a filesystem needs root');
    const closed = join(dir, 'closed');
    await mkdir(closed);
    const mount = ['-t', 'tmpfs', '-o', 'ro,size=64k', 'tmpfs', closed];
    const mounted = await execa('mount', mount, { reject: false });
    if (mounted.failed) context.skip(`no mount here: ${mounted.shortMessage ?? ''}`);
    onTestFinished(async () => {
      await execa('umount', [closed], { reject: false });
    });
    expect(await read({ buildDir: closed, cacheDir: join(closed, 'below') })).toMatchObject({
      'folder.build': 'not-writable',
      'folder.cache': 'cannot-be-made',
    });
    await execa('umount', [closed]);
  });
});

describe('what podman is told', () => {
  test('is read from the home, parts after the whole', async () => {
    const confs = join(dir, 'home/.config/containers');
    await mkdir(join(confs, 'containers.conf.d'), { recursive: true });
    const conf = (manager: string) => `[engine]\ncgroup_manager = "${manager}"\n`;
    expect((await read())['cgroup.user-manager']).toBe('default');
    await writeFile(join(confs, 'containers.conf'), conf('systemd'));
    expect((await read())['cgroup.user-manager']).toBe('systemd');
    await writeFile(join(confs, 'containers.conf.d/a.conf'), conf('cgroupfs'));
    await writeFile(join(confs, 'containers.conf.d/b.txt'), conf('systemd'));
    expect((await read())['cgroup.user-manager']).toBe('cgroupfs');
  });
});

describe('the shell', () => {
  test.for([
    [{ IN_NIX_SHELL: 'impure' }, true],
    [{ IN_NIX_SHELL: '' }, false],
    [{}, false],
  ] as const)('%j is a nix-shell: %s', async ([shell, isNix]) => {
    expect((await read({ shell }))['shell.nix']).toBe(isNix);
  });
});

describe('the clock', () => {
  async function host(offsetMs: number | null): Promise<string> {
    const server: Server = createServer((_request, response) => {
      response.sendDate = false;
      if (offsetMs !== null) {
        response.setHeader('date', new Date(Date.now() + offsetMs).toUTCString());
      }
      response.end();
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    onTestFinished(() => void server.close());
    return `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/`;
  }

  test('is compared with what hosts answer', async () => {
    const skew = (await read({ clockUrls: [await host(-90_000)] }))['clock.skew'] ?? 0;
    expect(Math.abs(skew - 90_000)).toBeLessThan(5_000);
  });

  test('of one host that is wrong accuses nobody', async () => {
    const clockUrls = [await host(3_600_000), await host(0)];
    expect(Math.abs((await read({ clockUrls }))['clock.skew'] ?? Infinity)).toBeLessThan(5_000);
  });

  test('is unknown where no host answers, or none has a date', async () => {
    const clockUrls = ['http://127.0.0.1:9/', await host(null), 'nonsense'];
    expect((await read({ clockUrls, timeoutMs: 2_000 }))['clock.skew']).toBeNull();
  });
});
