import { chmod, cp, mkdir, readdir, readFile, truncate, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ArtifactOutput } from '../../services/cli/src/explain/artifact/artifact-output.js';
import { entry } from '../stack/entry.js';
import type { Ended } from './command-line.js';
import { Folder } from './folder.js';

const UUID = '11111111-2222-4333-8444-555555555555';

let folder: Folder;
let images: string;
beforeAll(async () => {
  folder = await Folder.make();
  images = (await folder.inner('images')).path;
  await update('left', { 'etc/build-info': 'name: image\nbuilt: 1700000001\n' });
  await update('right', { 'etc/build-info': 'name: image\nbuilt: 1700000099\n' });
  await update('other-id', { 'etc/build-info': 'name: image\nbuilt: 1700000001\n' }, 'a');
  await update('steering', {
    'etc/build-info': 'name: image\nbuilt: 1700000001\n',
    'etc/\u001b[2Jx\u202ey': 'x',
  });
});
afterAll(async () => {
  await folder.remove();
});

/** Makes an update image as the real one is: root.img, an ext4 filesystem, in a tar, compressed. */
async function update(
  name: string,
  files: Readonly<Record<string, string>>,
  seed = '1',
): Promise<void> {
  const members = join(images, name);
  const image = join(members, 'root.img');
  await mkdir(members);
  await writeFile(join(members, 'VERSION.TXT'), '1\n');
  await writeFile(image, '');
  await truncate(image, 4 * 1024 ** 2);
  const env = { E2FSPROGS_FAKE_TIME: '1', PATH: `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin` };
  const hashSeed = UUID.replaceAll('1', seed);
  await execa('mke2fs', ['-qt', 'ext4', '-U', UUID, '-E', `hash_seed=${hashSeed}`, image], { env });
  const commands = ['mkdir etc'];
  for (const [at, [path, text]] of Object.entries(files).entries()) {
    const source = join(images, `${name}-${at.toString()}`);
    await writeFile(source, text);
    commands.push(`write ${source} "${path}"`);
  }
  await execa('debugfs', ['-wf', '-', image], { env, input: commands.join('\n') });
  await Promise.all((await readdir(members)).map((file) => utimes(join(members, file), 0, 0)));
  const owned = ['--owner=0', '--group=0', '--sort=name', '--format=gnu'];
  await execa('tar', ['-C', members, ...owned, '-cf', `${members}.tar`, 'VERSION.TXT', 'root.img']);
  await execa('zstd', ['-q', '--rm', `${members}.tar`]);
}

/** Reads what `explain --artifact --json` printed, and refuses anything outside of its schema. */
function compared({ stdout, stderr }: Ended): ArtifactOutput {
  expect(stderr).not.toContain('    at ');
  const output = ArtifactOutput.parse(JSON.parse(stdout));
  expect(output).toEqual(JSON.parse(stdout));
  return output;
}

const explain = (here: Folder, left: string, right: string, ...more: string[]): Promise<Ended> =>
  here.run([
    ...['explain', '--artifact', join(images, left), join(images, right), ...more],
    ...['--temp-dir', here.path],
  ]);

describe.concurrent('explain --artifact', () => {
  test('names the one file that differs, and shows the line', async () => {
    const here = await folder.inner('one');
    const ended = await explain(here, 'left.tar.zst', 'right.tar.zst', '--json');
    expect(ended.exitCode).toBe(0);
    const { isSame, findings, untold, truncated } = compared(ended);
    expect({ isSame, untold, truncated }).toEqual({ isSame: false, untold: 0, truncated: false });
    expect(findings.map(({ difference }) => difference.location.join('>'))).toEqual([
      '>>root.img>etc/build-info',
    ]);
    expect(findings[0]).toMatchObject({ class: 'timestamp', difference: { aspects: ['content'] } });
    expect(findings[0]!.diff).toContain('-built: 1700000001');
    const { stdout } = await explain(here, 'left.tar.zst', 'right.tar.zst');
    expect(stdout).toContain('  root.img › etc/build-info\n      timestamp: ');
    expect(stdout).toContain('+built: 1700000099');
    expect(await here.names()).toEqual([]);
  });

  test("names a filesystem's own header", async () => {
    const here = await folder.inner('header');
    const { findings } = compared(
      await explain(here, 'left.tar.zst', 'other-id.tar.zst', '--json'),
    );
    expect(findings).toMatchObject([
      { difference: { location: ['', '', 'root.img'], kind: 'ext4', aspects: ['header'] } },
    ]);
    expect(findings[0]!.difference.left).toHaveProperty('hash-seed');
  });

  test('says that the same bytes are the same', async () => {
    const here = await folder.inner('same');
    await cp(join(images, 'left.tar.zst'), join(images, 'copy.tar.zst'));
    const ended = await explain(here, 'left.tar.zst', 'copy.tar.zst');
    expect(ended).toMatchObject({ exitCode: 0, stderr: '' });
    expect(ended.stdout).toMatch(/^the same bytes: [0-9a-f]{64}\n$/);
  });

  test('compares what no reader can take apart, and does not pass it over', async () => {
    const here = await folder.inner('cut');
    const whole = await readFile(join(images, 'left.tar.zst'));
    await here.write('noise', 'no image at all\n');
    await writeFile(join(images, 'cut.tar.zst'), whole.subarray(0, -100));
    for (const other of ['cut.tar.zst', join(here.path, 'noise')]) {
      const right = other.startsWith('/') ? other : join(images, other);
      const ended = await here.run([
        ...['explain', '--json', '--artifact', join(images, 'left.tar.zst'), right],
      ]);
      expect(ended.exitCode).toBe(0);
      expect(compared(ended).findings).toMatchObject([{ difference: { location: [''] } }]);
    }
  });

  test('a name cannot steer the terminal', async () => {
    const here = await folder.inner('steering');
    const ended = await explain(here, 'left.tar.zst', 'steering.tar.zst');
    expect(ended.stdout).toContain('only in the right');
    expect(`${ended.stdout}${ended.stderr}`).not.toMatch(/[\u001b\u202e]/);
  });

  test('attaches what diffoscope says, where it is installed', async () => {
    const here = await folder.inner('diffoscope');
    const script = '#!/bin/sh\n[ "$1" = --version ] && exit 0\nshift 3\ncat "$@"; exit 1\n';
    await here.write('bin/diffoscope', script);
    await chmod(join(here.path, 'bin/diffoscope'), 0o755);
    const pair = ['left.tar.zst', 'right.tar.zst'].map((name) => join(images, name));
    const env = { PATH: `${join(here.path, 'bin')}:${process.env['PATH'] ?? ''}` };
    const args = ['explain', '--json', '--artifact', ...pair];
    expect(compared(await here.run(args, env)).diffoscope).toEqual([
      {
        location: ['', '', 'root.img', 'etc/build-info'],
        text: 'name: image\nbuilt: 1700000001\nname: image\nbuilt: 1700000099',
      },
    ]);
    expect(compared(await here.run([...args, '--no-diffoscope'], env)).diffoscope).toEqual([]);
  });

  test('leaves nothing behind where it is interrupted', async ({ expect: expectHere }) => {
    const here = await folder.inner('interrupted');
    await writeFile(join(images, 'zeros'), '');
    await truncate(join(images, 'zeros'), 3 * 1024 ** 3);
    const args = ['explain', '--artifact', join(images, 'zeros'), join(images, 'zeros')];
    const running = execa(process.execPath, [entry('cli'), ...args, '--temp-dir', here.path], {
      reject: false,
    });
    await expectHere.poll(() => here.names(), { timeout: 30_000 }).not.toEqual([]);
    running.kill('SIGINT');
    expect((await running).exitCode).toBe(130);
    expect(await here.names()).toEqual([]);
  });
});
