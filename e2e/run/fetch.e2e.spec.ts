import { createHash } from 'node:crypto';
import { mkdir, readFile, readdir, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, test } from 'vitest';
import { inSteps, pretendCheckout, scratch, writeProgram } from './checkout.js';

/** Packs one program as an official archive would, and returns where it lies and its digest. */
async function publish(folder: string, program: string, text: string) {
  const mirror = await scratch();
  const release = join(mirror, `v${/\d[\d.]*\d/.exec(folder)?.[0] ?? ''}`);
  await writeProgram(join(release, folder, program), `#!/bin/sh\n${text}\n`);
  const archive = join(release, `${folder}.tar.gz`);
  await execa('tar', ['-czf', archive, '-C', release, folder]);
  const sha256 = createHash('sha256')
    .update(await readFile(archive))
    .digest('hex');
  return { mirror: `file://${mirror}`, archive, sha256 };
}

const NODE = ['node-v24.21.0-linux-x64', 'bin/node', 'echo v24.21.0'] as const;
const NATS = 'nats-server-v2.14.3-linux-amd64';

describe('an archive from a mirror', () => {
  test('is unpacked when its digest is the pinned one', async () => {
    const root = await pretendCheckout('');
    const { mirror, sha256 } = await publish(...NODE);
    const lines = `node_archive_sha256[x64]=${sha256}; node_from_archive x64; remove_scratch`;
    await inSteps(root, lines, { REPRO_QUORUM_NODE_MIRROR: mirror });
    expect(await readdir(join(root, '.tools'))).toEqual(['node-24.21.0']);
    const node = join(root, '.tools/node-24.21.0/bin/node');
    expect((await execa(node, ['--version'])).stdout).toBe('v24.21.0');
  });

  test.each([
    ['whose digest is another one', () => Promise.resolve()],
    ['that is cut short', (archive: string) => execa('truncate', ['--size=-1', archive])],
    ['that is not there', (archive: string) => rm(archive)],
  ])('%s leaves nothing behind', async (what, spoil) => {
    const root = await pretendCheckout('');
    const { mirror, archive, sha256 } = await publish(...NODE);
    await spoil(archive);
    const pinned = what.includes('another') ? '0'.repeat(64) : sha256;
    const lines = `node_archive_sha256[x64]=${pinned}; node_from_archive x64 || echo refused`;
    expect(await inSteps(root, lines, { REPRO_QUORUM_NODE_MIRROR: mirror })).toBe('refused');
    expect(await readdir(join(root, '.tools'))).toEqual([]);
  });

  test.each([
    ['2.14.3', ['nats-server']],
    ['2.1.9', []],
  ])('with nats-server %s leaves %j', async (version, kept) => {
    const root = await pretendCheckout('');
    const program = `echo "nats-server: v${version}"`;
    const { mirror, sha256 } = await publish(NATS, 'nats-server', program);
    const pin = `machine_arch() { echo x64; }; nats_archive_sha256[x64]=${sha256}`;
    const lines = `${pin}; nats_from_release || true; mkdir -p $tools/bin; ls $tools/bin`;
    const listed = await inSteps(root, lines, { REPRO_QUORUM_NATS_MIRROR: mirror });
    expect(listed.split('\n').filter((name) => name !== '')).toEqual(kept);
  });
});

test('npm’s digest of a package is checked like npm does it', async () => {
  const root = await pretendCheckout('');
  const file = join(root, 'package.json');
  const sri = createHash('sha512')
    .update(await readFile(file))
    .digest('base64');
  const lines = `has_integrity ${file} sha512-${sri} && ! has_integrity ${file} sha512-AAAA && echo yes`;
  expect(await inSteps(root, lines)).toBe('yes');
});

test('what cannot be installed is told in one sentence, with the command that would help', async () => {
  const root = await pretendCheckout('');
  const programs = join(await scratch(), 'bin');
  await mkdir(programs);
  // A machine without mtools and without a package manager that one may use.
  await execa('cp', ['--symbolic-link', '--recursive', '/usr/bin/.', programs]);
  for (const name of ['mcopy', 'apt-get', 'sudo', 'node'])
    await rm(join(programs, name), { force: true });
  await symlink(process.execPath, join(programs, 'node'));
  const { stdout: nats } = await execa('bash', ['-c', 'command -v nats-server']);
  await rm(join(programs, 'nats-server'), { force: true });
  await symlink(nats, join(programs, 'nats-server'));
  const ended = await execa(join(root, 'run'), ['demo'], {
    env: { PATH: programs },
    extendEnv: false,
    reject: false,
  });
  expect(ended.exitCode).toBe(2);
  expect(ended.stderr.trimEnd().split('\n').at(-1)).toBe(
    'run: mcopy is not installed and could not be: run "sudo apt-get install -y --no-install-recommends mtools", and start again',
  );
});
