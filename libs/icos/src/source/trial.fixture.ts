import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { asCommitId, type CommitId } from '#libs/encoding';
import { execa } from 'execa';
import { fetchSource, type Source, type SourceRequest } from '../index.js';

/** The branches of an origin, and what each commit is for. */
export interface Origin {
  readonly gitDir: string;
  readonly url: string;
  /** Two commits of `master`; a release branch has its tip at the first. */
  readonly old: CommitId;
  readonly tip: CommitId;
  /** A commit that only a release branch has. */
  readonly hotfix: CommitId;
  /** A commit on no branch, which the origin serves all the same. */
  readonly fork: CommitId;
}

/** A folder with an origin in it, and any number of caches and worktrees. */
export interface Trial {
  readonly dir: string;
  readonly origin: Origin;
  /** Fetches `origin.old` into a cache and a worktree of its own, unless told otherwise. */
  get(more?: Partial<SourceRequest>): Promise<Source>;
  newPath(kind: string): string;
  /** Fetches `origin.old` into a new cache, and returns that. */
  warmCache(more?: Partial<SourceRequest>): Promise<string>;
  end(): Promise<void>;
}

/** Runs git as anybody would, but for his settings. */
export async function run(cwd: string, ...args: string[]): Promise<string> {
  const env = {
    ...{ GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1', GIT_AUTHOR_NAME: 'a' },
    ...{ GIT_AUTHOR_EMAIL: 'a@b', GIT_COMMITTER_NAME: 'a', GIT_COMMITTER_EMAIL: 'a@b' },
  };
  return (await execa('git', args, { cwd, env })).stdout;
}

/** Writes a commit object as it is, which git itself would not write. */
export async function writeCommit(gitDir: string, text: string): Promise<CommitId> {
  const args = ['hash-object', '-t', 'commit', '-w', '--literally', '--stdin'];
  return asCommitId((await execa('git', args, { cwd: gitDir, input: text })).stdout);
}

export async function startTrial(): Promise<Trial> {
  const dir = await mkdtemp(join(tmpdir(), 'source-'));
  const origin = await makeOrigin(dir);
  let count = 0;
  const newPath = (kind: string) => join(dir, `${kind}-${(count += 1)}`);
  const get: Trial['get'] = async (more) =>
    fetchSource({
      ...{ gitUrl: origin.url, commit: origin.old, retries: 0 },
      ...{ cacheDir: newPath('cache'), worktreeDir: newPath('tree'), ...more },
    });
  return {
    ...{ dir, origin, get, newPath },
    async warmCache(more) {
      const cacheDir = newPath('cache');
      await get({ cacheDir, ...more });
      return cacheDir;
    },
    end: () => rm(dir, { recursive: true, force: true }),
  };
}

async function makeOrigin(dir: string): Promise<Origin> {
  const [work, gitDir] = [join(dir, 'work'), join(dir, 'origin.git')];
  await run(dir, 'init', '--quiet', '--initial-branch=master', work);
  const commit = async (version: string) => {
    await writeFile(join(work, 'version'), version);
    // Of a size that makes a pack whose middle is in this file.
    await writeFile(join(work, 'notes'), `${version}\n`.repeat(10_000));
    await run(work, 'add', '--all');
    await run(work, 'commit', '--quiet', '--message', version);
    return asCommitId(await run(work, 'rev-parse', 'HEAD'));
  };
  await commit('first');
  const old = await commit('old');
  await run(work, 'branch', 'rc--2024-01-01');
  const tip = await commit('tip');
  await run(work, 'checkout', '--quiet', '-b', 'rc--2024-02-02', old);
  const hotfix = await commit('hotfix');
  await run(work, 'checkout', '--quiet', '-b', 'fork', old);
  const fork = await commit('fork');
  await run(work, 'checkout', '--quiet', 'master');
  await run(dir, 'clone', '--quiet', '--bare', work, gitDir);
  await run(gitDir, 'branch', '--quiet', '-D', 'fork');
  await run(gitDir, 'config', 'uploadpack.allowAnySHA1InWant', 'true');
  return { gitDir, url: `file://${gitDir}`, old, tip, hotfix, fork };
}
