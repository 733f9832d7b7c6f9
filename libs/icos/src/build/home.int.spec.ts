import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { sha256 } from '#libs/encoding';
import { prepareHome, removeBuildFolder, type BuildHome } from '../index.js';

const CONF = 'PODMAN_RUN_USR_ARGS=(--env MIRROR_URL=http://127.0.0.1:9/a)\n';

let dir = '';
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'home-'));
});
afterEach(async () => removeBuildFolder(dir));

const at = (path: string): string => join(dir, path);
async function put(path: string, text = 'x'): Promise<void> {
  await mkdir(dirname(at(path)), { recursive: true });
  await writeFile(at(path), text);
}
const prepare = async (cache: 'cold' | 'warm' = 'cold'): Promise<BuildHome> =>
  prepareHome({ home: at('home'), dir: at('fresh'), cache, worktree: at('ic') });

describe('the home of a cold build', () => {
  test('has .container-run.conf and nothing else of the persistent home', async () => {
    for (const name of [
      ...['.bazelrc', '.netrc', '.gitconfig', '.ssh/id_ed25519', '.aws/credentials'],
      ...['.docker/config.json', '.config/containers/auth.json', '.cache/bazel/x', '.bashrc'],
    ]) {
      await put(`home/${name}`, 'build --remote_cache=grpc://cache');
    }
    await put('home/.container-run.conf', CONF);
    const home = await prepare();
    expect(home).toEqual({
      home: at('fresh'),
      cacheState: 'cold',
      cacheReason: null,
      containerRunConfSha256: sha256(CONF),
    });
    expect(await readdir(home.home)).toEqual(['.container-run.conf']);
    expect(await readFile(join(home.home, '.container-run.conf'), 'utf8')).toBe(CONF);
  });

  test('is empty where there is no .container-run.conf, and no persistent home either', async () => {
    const home = await prepare();
    expect(home).toMatchObject({ cacheState: 'cold', containerRunConfSha256: null });
    expect(await readdir(home.home)).toEqual([]);
  });

  test('has the file itself where .container-run.conf is a link', async () => {
    await put('dotfiles/conf', CONF);
    await mkdir(at('home'));
    await symlink(at('dotfiles/conf'), at('home/.container-run.conf'));
    expect((await prepare()).containerRunConfSha256).toBe(sha256(CONF));
  });

  test('is refused where something lies already', async () => {
    await put('fresh/.cache/bazel/x');
    await expect(prepare()).rejects.toThrow(expect.objectContaining({ code: 'NOT_STARTED' }));
  });

  test('is refused when .container-run.conf is too large to be one', async () => {
    await put('home/.container-run.conf', ' '.repeat(1024 ** 2 + 1));
    await expect(prepare()).rejects.toThrow(expect.objectContaining({ code: 'NOT_READABLE' }));
  });

  test('waits for no pipe in the place of .container-run.conf, which the script passes over', async () => {
    await mkdir(at('home'));
    await promisify(execFile)('mkfifo', [at('home/.container-run.conf')]);
    expect(await prepare()).toMatchObject({ cacheState: 'cold', containerRunConfSha256: null });
  });
});

describe('what a build finds in caches', () => {
  test.each([
    ['home/.cache/bazel/_bazel_ada/install', 'warm'],
    ['home/.cache/bazel-disk/ac/00', 'warm'],
    ['home/.local/share/containers/storage', 'cold'],
    ['ic/artifacts/x', 'cold'],
  ])('with %s is %s for a warm build', async (path, state) => {
    await put(path);
    const home = await prepare('warm');
    expect(home).toMatchObject({ home: at('home'), cacheState: state });
    expect(home.cacheReason === null).toBe(state === 'cold');
    expect((await prepare()).cacheState).toBe('cold');
  });

  const REMOTE = 'build --remote_cache=grpcs://cache.example';
  test.each([
    ['home/.bazelrc', REMOTE, 'remote'],
    ['home/.bazelrc', 'build:fast --remote_executor=grpc://farm', 'remote'],
    ['home/.bazelrc', 'common --bes_backend grpc://events', 'remote'],
    ['home/.bazelrc', 'build \\\n --remote_cache=http://cache', 'remote'],
    ['home/.bazelrc', `# ${REMOTE}`, 'cold'],
    ['home/.bazelrc', `build --jobs=2 # --remote_cache=x`, 'cold'],
    ['home/.bazelrc', 'build --remote_cache=', 'cold'],
    ['home/.bazelrc', 'build --remote_cache= --bes_backend=""', 'cold'],
    ['home/.bazelrc', 'build --remote_timeout=60', 'cold'],
    ['ic/user.bazelrc', REMOTE, 'remote'],
    ['ic/.bazelrc', `${REMOTE}\nbuild:local --remote_cache=`, 'cold'],
    ['home/.container-run.conf', 'A=(-e BAZEL_ARGS="--remote_cache=http://x")', 'remote'],
    ['home/.container-run.conf', '# --remote_cache=http://x', 'cold'],
    ['home/.container-run.conf', 'A=(-v /big/bazel-disk:/x)', 'warm'],
    ['home/.container-run.conf', CONF, 'cold'],
  ])('with %s saying %j is %s', async (path, text, state) => {
    await put(path, text);
    expect((await prepare('warm')).cacheState).toBe(state);
  });

  test('follows imports, and ends where they go round', async () => {
    await put('home/.bazelrc', `import ${at('one')}\ntry-import ${at('missing')}`);
    await put('one', `try-import %workspace%/two`);
    await put(
      'ic/two',
      `import ${at('home/.bazelrc')}\ntry-import-if-bazel-version >=8 ${at('3')}`,
    );
    await put('3', REMOTE);
    expect((await prepare('warm')).cacheState).toBe('remote');
    await rm(at('3'));
    expect((await prepare('warm')).cacheState).toBe('cold');
  });

  test.each([
    'build --disk_cache=DIR/elsewhere',
    'build --disk_cache DIR/elsewhere',
    'common --repository_cache=DIR/elsewhere',
    'startup --output_user_root=DIR/elsewhere',
    'build --repo_env=HERMETIC_CC_TOOLCHAIN_CACHE_PREFIX=DIR/elsewhere',
  ])('with the commit itself saying %j is warm once that folder has something', async (line) => {
    await put('ic/.bazelrc', line.replace('DIR', dir));
    await mkdir(at('elsewhere'));
    expect((await prepare()).cacheState).toBe('cold');
    await put('elsewhere/x');
    await rm(at('fresh'), { recursive: true });
    const home = await prepare();
    expect(home.cacheState).toBe('warm');
    expect(home.cacheReason).toContain(at('elsewhere'));
  });

  test('with a server and a full cache is remote, and says which file names it', async () => {
    await put('home/.cache/x');
    await put('home/.bazelrc', REMOTE);
    const { cacheState, cacheReason } = await prepare('warm');
    expect(cacheState).toBe('remote');
    expect(cacheReason).toContain(at('home/.bazelrc'));
    expect(cacheReason).toContain('--remote_cache=grpcs://cache.example');
  });
});
