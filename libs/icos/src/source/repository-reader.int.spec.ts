import { cp, chmod, mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';
import { asCommitId, type CommitId } from '#libs/encoding';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { detectEra, readNeeds, repositoryReader } from '../index.js';
import { run } from './trial.fixture.js';

const SCRIPT = 'gitlab-ci/container/build-ic.sh';
const damaged = expect.objectContaining({ name: 'IcosError', code: 'GIT_FAILED' }) as Error;

let dir = '';
let gitDir = '';
let commit: CommitId;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'reader-'));
  const work = join(dir, 'work');
  gitDir = join(work, '.git');
  await run(dir, 'init', '--quiet', work);
  await mkdir(join(work, 'gitlab-ci/container'), { recursive: true });
  const script = 'cp "$DISK_DIR_FULL"\nif git branch -r --contains $VERSION; then :; fi\n';
  await writeFile(join(work, SCRIPT), script);
  await chmod(join(work, SCRIPT), 0o755);
  await writeFile(join(work, 'a file'), 'größer\n\n');
  await writeFile(join(work, 'largest'), Buffer.alloc(1024 ** 2, 'x'));
  await writeFile(join(work, 'larger'), Buffer.alloc(1024 ** 2 + 1, 'x'));
  await writeFile(join(work, 'huge'), Buffer.alloc(10 * 1024 ** 2, 'x'));
  await symlink('a file', join(work, 'link'));
  await symlink('gitlab-ci', join(work, 'linked'));
  await run(work, 'add', '--all');
  await run(work, 'update-index', '--add', '--cacheinfo', `160000,${'1'.repeat(40)},module`);
  await run(work, 'commit', '--quiet', '--message', 'all');
  commit = asCommitId(await run(work, 'rev-parse', 'HEAD'));
});
afterAll(async () => rm(dir, { recursive: true, force: true }));

describe('a commit in a repository', () => {
  test('gives the text of its regular files', async () => {
    const read = repositoryReader(gitDir, commit);
    expect(await read('a file')).toBe('größer\n\n');
    expect(await read(SCRIPT)).toContain('git branch -r');
    expect(await read('largest')).toHaveLength(1024 ** 2);
  });

  test.each([
    ...['absent', 'gitlab-ci/absent', 'gitlab-ci', 'a file/below', 'link', 'linked/container'],
    ...[`linked/container/build-ic.sh`, 'module', 'module/file', 'larger', 'huge'],
    ...['', '/', 'gitlab-ci/', '/a file', './a file', 'gitlab-ci/../a file', '../work/a file'],
    ...['a file\nlargest', 'a file\0', '.git/config', `:${SCRIPT}`, '--help'],
  ])('holds no text at %j', async (path) => {
    expect(await repositoryReader(gitDir, commit)(path)).toBeNull();
  });

  test('tells its era and what it needs, before anything is checked out', async () => {
    const read = repositoryReader(gitDir, commit);
    const era = await detectEra(read);
    expect(era.id).toBe('gitlab-one-image');
    expect(await readNeeds(read, era)).toMatchObject({ branches: true });
  });

  test('that is not there is no commit without files', async () => {
    const absent = asCommitId('0123456789abcdef0123456789abcdef01234567');
    await expect(repositoryReader(gitDir, absent)('a file')).rejects.toThrow(damaged);
    const tree = asCommitId(await run(gitDir, 'rev-parse', `${commit}^{tree}`));
    await expect(repositoryReader(gitDir, tree)('a file')).rejects.toThrow(damaged);
  });

  test('is named by its whole id', () => {
    expect(() => repositoryReader(gitDir, 'HEAD' as CommitId)).toThrow(
      expect.objectContaining({ code: 'NOT_A_COMMIT' }),
    );
  });

  test('is read no further once that is interrupted', async () => {
    const read = repositoryReader(gitDir, commit, AbortSignal.abort());
    await expect(read('a file')).rejects.toThrow(expect.objectContaining({ code: 'INTERRUPTED' }));
  });
});

describe('a repository that somebody wrote to', () => {
  /** Puts other bytes where an object is, well packed, under the old id. */
  async function forge(name: string, kind: string, bytes: Buffer): Promise<string> {
    const forged = join(dir, `forged-${kind}.git`);
    await cp(gitDir, forged, { recursive: true });
    const id = await run(gitDir, 'rev-parse', name);
    const object = Buffer.concat([Buffer.from(`${kind} ${bytes.length}\0`), bytes]);
    const file = join(forged, 'objects', id.slice(0, 2), id.slice(2));
    await rm(file);
    await writeFile(file, deflateSync(object));
    return forged;
  }

  test.each(['blob', 'tree', 'commit'])('does not pass off another %s', async (kind) => {
    const bytes = {
      blob: Buffer.from('DISK_DIR_FULL, and no branches\n'),
      tree: Buffer.concat([Buffer.from('100644 a file\0'), Buffer.alloc(20, 7)]),
      commit: Buffer.from(`tree ${await run(gitDir, 'rev-parse', 'HEAD:gitlab-ci')}\n\nx\n`),
    }[kind]!;
    const name = { blob: `${commit}:a file`, tree: `${commit}^{tree}`, commit }[kind]!;
    const forged = await forge(name, kind, bytes);
    await expect(repositoryReader(forged, commit)('a file')).rejects.toThrow(damaged);
  });

  test('is not taken for one without the file that was removed', async () => {
    const lost = join(dir, 'lost.git');
    await cp(gitDir, lost, { recursive: true });
    for (const name of [`${commit}:a file`, `${commit}:gitlab-ci`]) {
      const id = await run(gitDir, 'rev-parse', name);
      await rm(join(lost, 'objects', id.slice(0, 2), id.slice(2)));
    }
    const read = repositoryReader(lost, commit);
    await expect(read('a file')).rejects.toThrow(damaged);
    await expect(read(SCRIPT)).rejects.toThrow(damaged);
    expect(await read('absent')).toBeNull();
  });

  test('replaces no commit, and runs nothing', async () => {
    const hostile = join(dir, 'hostile.git');
    await cp(gitDir, hostile, { recursive: true });
    const other = await run(hostile, 'commit-tree', `${commit}:gitlab-ci`, '-m', 'other');
    await run(hostile, 'update-ref', `refs/replace/${commit}`, other);
    await run(hostile, 'config', 'core.fsmonitor', `touch ${join(dir, 'ran')}`);
    expect(await repositoryReader(hostile, commit)('a file')).toBe('größer\n\n');
    expect(await readdir(dir)).not.toContain('ran');
  });
});
