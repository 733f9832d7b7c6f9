import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import type { Source } from '../index.js';
import { run, startTrial, type Trial } from './trial.fixture.js';

/** Lets a plain Node run the sources: they name their neighbours by the names of the built files. */
const HOOK = `
  import { registerHooks } from 'node:module';
  registerHooks({
    resolve: (name, context, next) =>
      next(/^\\..*\\.js$/.test(name) && context.parentURL?.includes('/libs/')
        ? name.replace(/\\.js$/, '.ts') : name, context),
  });`;

const PROGRAM = `
  const [module, gitUrl, commit, cacheDir, worktreeDir, history] = process.argv.slice(1);
  const { fetchSource } = await import(module);
  const needsBranches = async () => history === 'branches';
  const request = { gitUrl, commit, cacheDir, worktreeDir, needsBranches, retries: 0 };
  console.log(JSON.stringify(await fetchSource(request)));`;

let trial: Trial;
beforeAll(async () => {
  trial = await startTrial();
});
afterAll(async () => trial.end());

interface Wish {
  readonly gitUrl?: string;
  readonly commit: string;
  readonly cacheDir: string;
  readonly history?: 'commit' | 'branches';
}

/** Fetches a source in a process of its own. */
function startFetch({ gitUrl = trial.origin.url, commit, cacheDir, history = 'commit' }: Wish) {
  const module = resolve('libs/icos/src/source/source.ts');
  const child = execa(process.execPath, [
    ...['--experimental-transform-types', '--disable-warning=ExperimentalWarning'],
    ...['--conditions=source', '--import', `data:text/javascript,${encodeURIComponent(HOOK)}`],
    ...['--input-type=module', '--eval', PROGRAM, module],
    ...[gitUrl, commit, cacheDir, trial.newPath('tree'), history],
  ]);
  child.catch(() => undefined);
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}

describe('processes with one cache', () => {
  test('get each its own commit, or the same one, all at once', async () => {
    const { old, tip, hotfix } = trial.origin;
    const cacheDir = trial.newPath('cache');
    const wishes: Wish[] = [
      ...[old, old, tip].map((commit) => ({ commit, cacheDir })),
      { commit: hotfix, cacheDir, history: 'branches' },
    ];
    const ends = await Promise.all(wishes.map(async (wish) => startFetch(wish)));
    const sources = ends.map(({ stdout }) => JSON.parse(stdout) as Source);
    const versions = sources.map(async ({ worktree }) => {
      await run(worktree, 'fsck', '--strict');
      return readFile(join(worktree, 'version'), 'utf8');
    });
    expect(await Promise.all(versions)).toEqual(['old', 'old', 'tip', 'hotfix']);
    const histories = sources.map(({ history }) => history);
    expect(histories).toEqual(['commit', 'commit', 'commit', 'branches']);
  });

  test('do not wait for one that was killed, and use what it left', async () => {
    const cacheDir = await trial.warmCache();
    const asked = Promise.withResolvers<undefined>();
    const silent = createServer(() => {
      asked.resolve(undefined);
    });
    await new Promise<void>((done) => silent.listen(0, '127.0.0.1', done));
    onTestFinished(() => {
      silent.closeAllConnections();
      silent.close();
    });
    const gitUrl = `http://127.0.0.1:${(silent.address() as AddressInfo).port}/x.git`;
    const child = startFetch({ gitUrl, commit: trial.origin.tip, cacheDir });
    await asked.promise;
    child.kill('SIGKILL');
    await child.catch(() => undefined);
    const { worktree } = await trial.get({ cacheDir, commit: trial.origin.tip });
    expect(await readFile(join(worktree, 'version'), 'utf8')).toBe('tip');
  });
});
