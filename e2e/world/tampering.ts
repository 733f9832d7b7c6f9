import { chmod, copyFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { quote } from '#libs/encoding';
import type { ArtifactName } from './artifact.js';
import { WorldError } from './error.js';
import type { OperatingSystem } from './ic-mini/defects.js';

interface Target {
  readonly artifact: ArtifactName;
  readonly members: readonly string[];
  /** Image as debugfs takes it; the installer's data partition begins inside the disk. */
  readonly filesystem: string;
  readonly program: string;
}

const UPDATE_MEMBERS = ['VERSION.TXT', 'boot.img', 'root.img'];

/** Where an attacker puts the change: the program that matters most in each image. */
export const TARGETS: Readonly<Record<OperatingSystem, Target>> = {
  guestos: {
    artifact: 'guestos/update-img',
    members: UPDATE_MEMBERS,
    filesystem: 'root.img',
    program: '/opt/ic/bin/replica',
  },
  hostos: {
    artifact: 'hostos/update-img',
    members: UPDATE_MEMBERS,
    filesystem: 'root.img',
    program: '/opt/ic/bin/hostos_tool',
  },
  setupos: {
    artifact: 'setupos/disk-img',
    members: ['disk.img'],
    filesystem: 'disk.img?offset=2097152',
    program: '/opt/ic/bin/setupos_tool',
  },
};

const ARCHIVE_OPTIONS = [
  ...['--format=gnu', '--sort=name', '--owner=root:0', '--group=root:0', '--mode=0644'],
  ...['--mtime=UTC 1970-01-01', '--sparse', '--hole-detection=raw'],
];

/**
 * Changes one byte of one program inside a built image and packs it again as the build does, so
 * that nothing but the content tells. Works in `workDir`, which is made and removed.
 *
 * @throws WorldError COMMAND_FAILED, NOTHING_TO_TAMPER
 */
export async function tamper(archive: string, os: OperatingSystem, workDir: string): Promise<void> {
  const { filesystem, program } = TARGETS[os];
  await mkdir(workDir, { recursive: true });
  await call(workDir, 'tar', ['-xf', archive]);

  await debugfs(workDir, filesystem, [`dump ${program} program`]);
  const bytes = await readFile(join(workDir, 'program'));
  const middle = Math.floor(bytes.byteLength / 2);
  const byte = bytes[middle];
  if (byte === undefined) {
    throw new WorldError('NOTHING_TO_TAMPER', `${quote(program)} is empty or not in the image`);
  }
  bytes[middle] = byte ^ 1;
  await writeFile(join(workDir, 'program'), bytes);
  await chmod(join(workDir, 'program'), 0o755);
  const name = program.slice(program.lastIndexOf('/') + 1);
  const folder = program.slice(0, -name.length);
  await debugfs(workDir, filesystem, [`rm ${program}`, `cd ${folder}`, `write program ${name}`]);

  const { stdout } = await call(workDir, 'tar', ['-tf', archive]);
  const names = stdout.split('\n').filter((line) => line !== '');
  await call(workDir, 'tar', [...ARCHIVE_OPTIONS, '-cf', 'altered.tar', ...names]);
  if (archive.endsWith('.gz')) {
    await call(workDir, 'gzip', ['-n', '-9', 'altered.tar']);
    await copyFile(join(workDir, 'altered.tar.gz'), archive);
  } else {
    await call(workDir, 'zstd', [
      ...['-q', '-f', '-9', '--single-thread', 'altered.tar', '-o', archive],
    ]);
  }
  await rm(workDir, { recursive: true, force: true });
}

async function debugfs(cwd: string, filesystem: string, commands: readonly string[]) {
  await writeFile(join(cwd, 'commands'), `${commands.join('\n')}\n`);
  const { stderr } = await call(cwd, 'debugfs', ['-w', '-f', 'commands', filesystem]);
  // It exits with 0 whatever happens: what it says beside its version is the only sign of failure.
  const complaint = stderr.split('\n').filter((line) => line && !/^debugfs \d/.test(line));
  if (complaint.length > 0) {
    throw new WorldError('COMMAND_FAILED', `debugfs failed: ${complaint.join(' ')}`);
  }
}

async function call(cwd: string, program: string, args: readonly string[]) {
  const env = { E2FSPROGS_FAKE_TIME: '1', LC_ALL: 'C', TZ: 'UTC' };
  const result = await execa(program, args, { cwd, env, reject: false });
  if (result.failed) {
    throw new WorldError('COMMAND_FAILED', `${program} failed: ${result.shortMessage}`, {
      cause: result,
    });
  }
  return result;
}
