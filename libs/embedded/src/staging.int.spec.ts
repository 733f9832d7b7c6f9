import { chown, mkdir, readFile, readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { stage } from './staging.js';
import { isRoot, scratchDirectory } from './scratch.fixture.js';

async function makeBuild(directory: string) {
  await mkdir(join(directory, 'native/bin'), { recursive: true, mode: 0o700 });
  await mkdir(join(directory, 'native/lib'), { mode: 0o700 });
  await writeFile(join(directory, 'native/bin/postgres'), '#!', { mode: 0o700 });
  await writeFile(join(directory, 'native/lib/libx.so.1.2'), 'x', { mode: 0o600 });
  await writeFile(join(directory, 'native/lib/libx.a'), 'for compilers');
  const links = [{ source: 'native/lib/libx.so.1.2', target: 'native/lib/libx.so' }];
  await writeFile(join(directory, 'native/pg-symlinks.json'), JSON.stringify(links));
  return { directory: join(directory, 'native'), version: '1.2' };
}

describe('a copy that others can enter', () => {
  test('is readable by all, writable by one, complete with links, and made once', async () => {
    const directory = await scratchDirectory();
    const build = await makeBuild(directory);
    const both = await Promise.all([1, 2].map(() => stage(build, join(directory, 'stage'))));
    const [copy] = both;
    expect(both[1]).toEqual(copy);
    expect(await readdir(join(directory, 'stage'))).toHaveLength(1);
    expect((await stat(join(copy!.directory, 'bin/postgres'))).mode & 0o777).toBe(0o755);
    expect((await stat(join(copy!.directory, 'lib/libx.so.1.2'))).mode & 0o777).toBe(0o644);
    expect(await readFile(join(copy!.directory, 'lib/libx.so'), 'utf8')).toBe('x');
    expect(await readdir(join(copy!.directory, 'lib'))).not.toContain('libx.a');
    await writeFile(join(build.directory, 'bin/postgres'), 'changed');
    await stage(build, join(directory, 'stage'));
    expect(await readFile(join(copy!.directory, 'bin/postgres'), 'utf8')).toBe('#!');
  });

  test.runIf(isRoot)('is refused where a stranger has made the place first', async () => {
    const directory = await scratchDirectory();
    const build = await makeBuild(directory);
    await mkdir(join(directory, 'stage'));
    await mkdir(join(directory, 'stage', `postgresql-1.2-${process.arch}`));
    await chown(join(directory, 'stage', `postgresql-1.2-${process.arch}`), 65_534, 65_534);
    await expect(stage(build, join(directory, 'stage'))).rejects.toThrow(/belongs to another user/);
  });

  test('is refused where strangers may write', async () => {
    const directory = await scratchDirectory();
    const build = await makeBuild(directory);
    await mkdir(join(directory, 'stage', `postgresql-1.2-${process.arch}`), { recursive: true });
    const { execa } = await import('execa');
    await execa('chmod', ['0777', join(directory, 'stage', `postgresql-1.2-${process.arch}`)]);
    await expect(stage(build, join(directory, 'stage'))).rejects.toThrow(/written by others/);
  });
});
