import {
  cp,
  lstat,
  mkdir,
  readdir,
  readFile,
  rename,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { run, startTrial, type Trial } from './trial.fixture.js';

const needsBranches = async () => Promise.resolve(true);

let trial: Trial;
let warm = '';
let bait = '';
beforeAll(async () => {
  trial = await startTrial();
  warm = await trial.warmCache();
  bait = join(trial.dir, 'bait');
  await writeFile(bait, `#!/bin/sh\ntouch ${join(trial.dir, 'ran')}\n`, { mode: 0o755 });
});
afterAll(async () => trial.end());
afterEach(async () => {
  expect(await readdir(trial.dir)).not.toContain('ran');
});

async function plant(files: Readonly<Record<string, string>>): Promise<string> {
  const cacheDir = trial.newPath('cache');
  await cp(warm, cacheDir, { recursive: true });
  for (const [name, text] of Object.entries(files)) {
    const path = join(cacheDir, name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text, { mode: 0o755 });
  }
  return cacheDir;
}

/** The cache gives what it holds, what it does not hold, and branches; all of it right. */
async function isHarmless(cacheDir: string): Promise<void> {
  const { old, tip } = trial.origin;
  const held = await trial.get({ cacheDir, commit: old });
  expect(await readFile(join(held.worktree, 'version'), 'utf8')).toBe('old');
  expect(await run(held.worktree, 'rev-list', 'HEAD')).toBe(old);
  const { worktree } = await trial.get({ cacheDir, commit: tip, needsBranches });
  expect(await readFile(join(worktree, 'version'), 'utf8')).toBe('tip');
  expect(await run(worktree, 'rev-list', '--count', 'HEAD')).toBe('3');
  await run(worktree, 'fsck', '--strict');
}

const evilSettings = () => `
[core]
\tfsmonitor = ${bait}
\thooksPath = ${trial.dir}
\tsshCommand = ${bait}
\tgitProxy = ${bait}
\talternateRefsCommand = ${bait}
\tattributesFile = ${trial.dir}/attributes
[filter "evil"]
\tsmudge = ${bait}
\trequired = true
[credential]
\thelper = ${bait}
[protocol "ext"]
\tallow = always
[url "ext::${bait} "]
\tinsteadOf = ${trial.origin.url}
[remote "${trial.origin.url}"]
\turl = ext::${bait}
\tuploadpack = ${bait}
\tpromisor = true
[extensions]
\tpartialClone = ${trial.origin.url}
[uploadpack]
\tpackObjectsHook = ${bait}
`;

describe('what somebody put into the cache', () => {
  test('as settings has no effect', async () => {
    await writeFile(join(trial.dir, 'attributes'), '* filter=evil\n');
    await isHarmless(await plant({ config: evilSettings() }));
  });

  test('as settings of other files has no effect', async () => {
    const include = `[core]\n\tbare = true\n[include]\n\tpath = evil\n`;
    const extension =
      '[core]\n\trepositoryFormatVersion = 1\n[extensions]\n\tworktreeConfig = true\n';
    const evil = evilSettings();
    await isHarmless(await plant({ config: include, evil }));
    await isHarmless(await plant({ config: extension, 'config.worktree': evil }));
  });

  test('as another repository has no effect', async () => {
    const cacheDir = await plant({ 'other/config': evilSettings(), commondir: 'other\n' });
    await cp(trial.origin.gitDir, join(cacheDir, '.git'), { recursive: true });
    await writeFile(join(cacheDir, '.git/config'), evilSettings());
    await isHarmless(cacheDir);
    expect(await readdir(cacheDir)).not.toContain('commondir');
  });

  test('as hooks has no effect', async () => {
    const script = await readFile(bait, 'utf8');
    const names = ['post-checkout', 'reference-transaction', 'post-index-change', 'pre-auto-gc'];
    await isHarmless(
      await plant(Object.fromEntries(names.map((name) => [`hooks/${name}`, script]))),
    );
  });

  test('as another commit under this one’s name has no effect', async () => {
    const { old, tip } = trial.origin;
    const cacheDir = await plant({});
    await trial.get({ cacheDir, commit: tip });
    const both = trial.newPath('cache');
    await cp(cacheDir, both, { recursive: true });
    await run(cacheDir, 'update-ref', `refs/repro-quorum/${old}`, tip);
    await isHarmless(cacheDir);
    await run(both, 'update-ref', `refs/replace/${old}`, tip);
    await isHarmless(both);
  });

  test('as another history has no effect', async () => {
    const { old, tip } = trial.origin;
    const cacheDir = await plant({ 'info/grafts': `${old}\n` });
    await trial.get({ cacheDir, commit: tip, needsBranches });
    await mkdir(join(cacheDir, 'info'));
    await writeFile(join(cacheDir, 'info/grafts'), `${old}\n`);
    await isHarmless(cacheDir);
  });

  test('as a boundary that leaves the commit out has no effect', async () => {
    await isHarmless(await plant({ shallow: `${trial.origin.tip}\n` }));
    await isHarmless(await plant({ shallow: '' }));
  });

  test('as objects of another folder is not asked for any', async () => {
    const elsewhere = trial.newPath('elsewhere');
    const cacheDir = await plant({});
    await rename(join(cacheDir, 'objects/pack'), elsewhere);
    await mkdir(join(elsewhere, 'pack'));
    for (const name of await readdir(elsewhere)) {
      if (name !== 'pack') await rename(join(elsewhere, name), join(elsewhere, 'pack', name));
    }
    await trial.get({ cacheDir, commit: trial.origin.tip });
    const { old } = trial.origin;
    const commit = join(cacheDir, 'refs/repro-quorum', old);
    await writeFile(commit, `${old}\n`);
    await mkdir(join(cacheDir, 'objects/info'));
    await writeFile(join(cacheDir, 'objects/info/alternates'), `${elsewhere}\n`);
    expect(await run(cacheDir, 'cat-file', '-t', old)).toBe('commit');
    const away = trial.get({ cacheDir, gitUrl: 'http://127.0.0.1:1/gone.git' });
    await expect(away).rejects.toThrow(expect.objectContaining({ code: 'NETWORK' }));
    await isHarmless(cacheDir);
    expect(await readdir(join(elsewhere, 'pack'))).not.toEqual([]);
  });

  test('as links is removed, and not what they lead to', async () => {
    const cacheDir = await plant({});
    const precious = trial.newPath('precious');
    await cp(cacheDir, precious, { recursive: true });
    const before = await readdir(precious, { recursive: true });
    for (const name of ['config', 'HEAD', 'objects', 'refs', 'shallow']) {
      await rm(join(cacheDir, name), { recursive: true });
      await symlink(join(precious, name), join(cacheDir, name));
    }
    const config = await readFile(join(precious, 'config'), 'utf8');
    await isHarmless(cacheDir);
    expect(await readdir(precious, { recursive: true })).toEqual(before);
    expect(await readFile(join(precious, 'config'), 'utf8')).toBe(config);
  });

  test('as pipes keeps nobody waiting', async () => {
    const cacheDir = await plant({});
    const pack = (await readdir(join(cacheDir, 'objects/pack'))).find((name) => /idx$/.test(name))!;
    const pipes = ['config', 'packed-refs', 'refs/heads', `objects/pack/${pack}`];
    for (const name of pipes) {
      await rm(join(cacheDir, name), { recursive: true, force: true });
      await execa('mkfifo', [join(cacheDir, name)]);
    }
    await isHarmless(cacheDir);
  });
});

describe('what a process that is gone left in the cache', () => {
  test('is in nobody’s way and taken away', async () => {
    const ref = `refs/repro-quorum/${trial.origin.tip}.lock`;
    const names = ['shallow.lock', 'packed-refs.lock', ref, 'objects/pack/tmp_pack_a1b2c3'];
    const cacheDir = await plant(Object.fromEntries(names.map((name) => [name, 'half'])));
    await isHarmless(cacheDir);
    for (const name of names) await expect(lstat(join(cacheDir, name))).rejects.toThrow('ENOENT');
  });
});

describe('a folder that is no cache', () => {
  test('is not made one where that would cost its owner something', async () => {
    const mirror = trial.newPath('mirror');
    await cp(trial.origin.gitDir, mirror, { recursive: true });
    const before = await readdir(mirror, { recursive: true });
    const foreign = expect.objectContaining({ code: 'CACHE_FAILED' }) as Error;
    await expect(trial.get({ cacheDir: mirror })).rejects.toThrow(foreign);
    expect(await readdir(mirror, { recursive: true })).toEqual(before);

    const settings = trial.newPath('etc');
    await mkdir(settings);
    await writeFile(join(settings, 'config'), 'precious');
    await expect(trial.get({ cacheDir: settings })).rejects.toThrow(foreign);
    expect(await readFile(join(settings, 'config'), 'utf8')).toBe('precious');
  });

  test('may become one whatever it is called', async () => {
    const cacheDir = join(trial.newPath('odd'), `$(touch ran) 'a' "b" -c`);
    await isHarmless(cacheDir);
  });

  test('may hold what git does not know', async () => {
    const cacheDir = trial.newPath('cache');
    await mkdir(join(cacheDir, 'downloads'), { recursive: true });
    await isHarmless(cacheDir);
    await rm(join(cacheDir, 'objects'), { recursive: true });
    await isHarmless(cacheDir);
    expect(await readdir(cacheDir)).toContain('downloads');
  });
});
