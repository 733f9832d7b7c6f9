import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startGitHost, type GitHost } from '../../../../e2e/world/git-host.js';
import { IcosError } from '../error.js';
import { run, startTrial, type Trial, writeCommit } from './trial.fixture.js';

const needsBranches = async () => Promise.resolve(true);
const refusal = (code: string) => expect.objectContaining({ name: 'IcosError', code }) as Error;

let trial: Trial;
let host: GitHost;
beforeAll(async () => {
  trial = await startTrial();
  host = await startGitHost({ 'dfinity/ic': trial.origin.gitDir });
});
afterAll(async () => {
  await host.close();
  await trial.end();
});

const containing = async (worktree: string, commit: string) =>
  (await run(worktree, 'branch', '-r', '--contains', commit)).split('\n');

describe('a commit whose build looks at branches', () => {
  test('is told of them just as in a clone of the host', async () => {
    const clone = trial.newPath('clone');
    await run(trial.dir, 'clone', '--quiet', trial.origin.url, clone);
    for (const gitUrl of [trial.origin.url, host.urlOf('dfinity/ic')]) {
      for (const commit of [trial.origin.old, trial.origin.tip, trial.origin.hotfix]) {
        const source = await trial.get({ gitUrl, commit, needsBranches });
        expect(source).toMatchObject({ history: 'branches', isShallow: false, isClean: true });
        expect(await containing(source.worktree, commit)).toEqual(await containing(clone, commit));
        expect(await run(source.worktree, 'log', '--format=%H', '--remotes')).toBe(
          await run(clone, 'log', '--format=%H', '--remotes'),
        );
        await run(source.worktree, 'fsck', '--strict');
      }
    }
  });

  test('gets a repository of its own, with nobody to ask', async () => {
    const { worktree } = await trial.get({ needsBranches });
    await expect(stat(join(worktree, '.git/objects/info/alternates'))).rejects.toThrow();
    expect(await run(worktree, 'remote')).toBe('');
    expect(await readFile(join(worktree, '.git/config'), 'utf8')).not.toMatch(/remote|url/);
    expect(await readdir(join(worktree, '.git'))).not.toContain('FETCH_HEAD');
    expect(await run(worktree, 'rev-parse', '--abbrev-ref', 'HEAD')).toBe('HEAD');
    for (const pack of await readdir(join(worktree, '.git/objects/pack'))) {
      expect((await stat(join(worktree, '.git/objects/pack', pack))).nlink).toBe(1);
    }
  });

  test('is asked once, with its own files', async () => {
    const read: (string | null)[] = [];
    const { history } = await trial.get({
      needsBranches: async (reader) => {
        read.push(await reader('version'), await reader('absent'));
        return false;
      },
    });
    expect(history).toBe('commit');
    expect(read).toEqual(['old', null]);
  });

  test('is not fetched when nobody can tell what it needs', async () => {
    const unsupported = new IcosError('UNSUPPORTED_COMMIT', 'of no era');
    const needs = async () => Promise.reject(unsupported);
    await expect(trial.get({ needsBranches: needs })).rejects.toBe(unsupported);
  });

  test('is on no branch when only a fork has it', async () => {
    const { worktree, branchTips } = await trial.get({
      ...{ commit: trial.origin.fork, needsBranches },
    });
    expect(await containing(worktree, trial.origin.fork)).toEqual(['']);
    expect(branchTips).toEqual([]);
    expect(await run(worktree, 'rev-list', '--count', 'HEAD')).toBe('3');
  });

  test('is not told of branches that are gone, and is of those that are new', async () => {
    const { gitDir, hotfix, old } = trial.origin;
    const cacheDir = await trial.warmCache({ needsBranches });
    await run(gitDir, 'branch', '-m', 'rc--2024-02-02', 'rc--2024-02-02/renamed');
    await run(gitDir, 'branch', '-D', 'rc--2024-01-01');
    await run(gitDir, 'branch', 'later', old);
    try {
      const { worktree } = await trial.get({ cacheDir, commit: hotfix, needsBranches });
      expect(await run(worktree, 'for-each-ref', '--format=%(refname)')).toBe(
        [
          ...['refs/remotes/origin/HEAD', 'refs/remotes/origin/later'],
          ...['refs/remotes/origin/master', 'refs/remotes/origin/rc--2024-02-02/renamed'],
        ].join('\n'),
      );
    } finally {
      await run(gitDir, 'branch', '-D', 'later');
      await run(gitDir, 'branch', 'rc--2024-01-01', old);
      await run(gitDir, 'branch', '-m', 'rc--2024-02-02/renamed', 'rc--2024-02-02');
    }
  });

  test('is not told of yesterday’s branches when the host is away', async () => {
    const cacheDir = await trial.warmCache({ needsBranches });
    const gitUrl = 'http://127.0.0.1:1/gone.git';
    await expect(trial.get({ cacheDir, gitUrl, needsBranches })).rejects.toThrow(
      refusal('NETWORK'),
    );
  });

  test('gets its history into a cache that has single commits', async () => {
    const { old, tip, hotfix, fork } = trial.origin;
    const cacheDir = trial.newPath('cache');
    for (const gitUrl of [trial.origin.url, host.urlOf('dfinity/ic')]) {
      for (const commit of [old, hotfix, fork]) await trial.get({ gitUrl, cacheDir, commit });
      const { worktree } = await trial.get({ gitUrl, cacheDir, commit: tip, needsBranches });
      expect(await run(worktree, 'rev-list', '--count', 'HEAD')).toBe('3');
      await run(worktree, 'fsck', '--strict');
    }
  });

  test('does not come with the history where the next one needs none', async () => {
    const { old, tip, hotfix } = trial.origin;
    const cacheDir = await trial.warmCache({ needsBranches });
    for (const commit of [old, tip, hotfix]) {
      const { worktree, ...source } = await trial.get({ cacheDir, commit });
      expect(source).toMatchObject({ history: 'commit', isShallow: true });
      expect(await run(worktree, 'rev-list', '--count', '--all', 'HEAD')).toBe('1');
      expect(await run(worktree, 'for-each-ref')).toBe('');
    }
    // And the history is not cut for that.
    const { worktree } = await trial.get({ cacheDir, commit: tip, needsBranches });
    expect(await run(worktree, 'rev-list', '--count', 'HEAD')).toBe('3');
  });

  test('moves little when the cache has the branches of last week', async () => {
    const { gitDir, tip } = trial.origin;
    const cacheDir = await trial.warmCache({ needsBranches });
    const packed = async () => (await readdir(join(cacheDir, 'objects/pack'))).toSorted();
    const before = await packed();
    await trial.get({ cacheDir, commit: tip, needsBranches });
    expect(await packed()).toEqual(before);
    const next = await run(gitDir, 'commit-tree', `${tip}^{tree}`, '-p', tip, '-m', 'next');
    await run(gitDir, 'update-ref', 'refs/heads/next', next);
    try {
      await trial.get({ cacheDir, commit: tip, needsBranches });
      const [pack = ''] = (await packed()).filter(
        (name) => name.endsWith('.pack') && !before.includes(name),
      );
      expect((await stat(join(cacheDir, 'objects/pack', pack))).size).toBeLessThan(1000);
    } finally {
      await run(gitDir, 'update-ref', '-d', 'refs/heads/next');
    }
  });

  test('is told of none by a host that has not their whole history itself', async () => {
    const cut = trial.newPath('cut');
    await run(trial.dir, 'clone', '--quiet', '--bare', '--depth=1', trial.origin.url, cut);
    const cacheDir = trial.newPath('cache');
    const request = { gitUrl: `file://${cut}`, commit: trial.origin.tip, cacheDir };
    expect(await trial.get(request)).toMatchObject({ history: 'commit' });
    await expect(trial.get({ ...request, needsBranches })).rejects.toThrow(refusal('GIT_FAILED'));
    expect(await trial.get(request)).toMatchObject({ history: 'commit' });
  });

  test('gets history in which an old program slipped', async () => {
    const { gitDir, tip } = trial.origin;
    const text = await run(gitDir, 'cat-file', 'commit', tip);
    const id = await writeCommit(gitDir, text.replace(/^(committer .*) \+0000$/m, '$1 +051800'));
    await run(gitDir, 'update-ref', 'refs/heads/slip', id);
    try {
      const { worktree } = await trial.get({ needsBranches });
      expect(await run(worktree, 'rev-parse', 'origin/slip')).toBe(id);
    } finally {
      await run(gitDir, 'update-ref', '-d', 'refs/heads/slip');
    }
  });
});

describe('the tips of branches', () => {
  test('tell which of them a commit is', async () => {
    const { old, tip, hotfix, fork } = trial.origin;
    const tipsOf = async (commit: typeof old) => (await trial.get({ commit })).branchTips;
    expect(await tipsOf(old)).toEqual(['rc--2024-01-01']);
    expect(await tipsOf(tip)).toEqual(['master']);
    expect(await tipsOf(hotfix)).toEqual(['rc--2024-02-02']);
    expect(await tipsOf(fork)).toEqual([]);
  });

  test('are none, and the source is there, when the host is away or says nothing', async () => {
    const cacheDir = await trial.warmCache();
    const gitUrl = host.urlOf('dfinity/ic');
    host.unavailable();
    try {
      expect(await trial.get({ cacheDir, gitUrl })).toMatchObject({ branchTips: [] });
    } finally {
      host.restore();
    }
    host.slow(60_000);
    try {
      const source = await trial.get({ cacheDir, gitUrl, stallTimeoutMs: 1_000 });
      expect(source).toMatchObject({ branchTips: [], isClean: true });
    } finally {
      host.restore();
    }
  });
});
