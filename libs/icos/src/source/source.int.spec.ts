import { createReadStream } from 'node:fs';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { asCommitId, type CommitId } from '#libs/encoding';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fetchSource, type Source, type SourceRequest } from '../index.js';

const refusal = (code: string) => expect.objectContaining({ name: 'IcosError', code }) as Error;
const ABSENT = asCommitId('0123456789abcdef0123456789abcdef01234567');

let dir = '';
let origin = '';
const commits: CommitId[] = [];
const servers: Server[] = [];
let fresh = 0;

async function run(cwd: string, ...args: string[]): Promise<string> {
  const env = {
    ...{ GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1', GIT_AUTHOR_NAME: 'a' },
    ...{ GIT_AUTHOR_EMAIL: 'a@b', GIT_COMMITTER_NAME: 'a', GIT_COMMITTER_EMAIL: 'a@b' },
  };
  return (await execa('git', args, { cwd, env })).stdout;
}

async function get(more: Partial<SourceRequest> = {}): Promise<Source> {
  fresh += 1;
  return fetchSource({
    gitUrl: `file://${origin}`,
    commit: commits[0]!,
    cacheDir: join(dir, `cache-${fresh}`),
    worktreeDir: join(dir, `tree-${fresh}`),
    retries: 0,
    ...more,
  });
}

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'source-'));
  origin = join(dir, 'origin.git');
  const work = join(dir, 'work');
  await run(dir, 'init', '--quiet', '--initial-branch=master', work);
  await mkdir(join(work, 'ci/container'), { recursive: true });
  await writeFile(join(work, 'ci/container/build-ic.sh'), '#!/bin/sh\n');
  await chmod(join(work, 'ci/container/build-ic.sh'), 0o755);
  await writeFile(join(work, '.gitignore'), 'artifacts/\n');
  for (const version of ['one', 'two', 'three']) {
    await writeFile(join(work, 'version'), version);
    await run(work, 'add', '--all');
    await run(work, 'commit', '--quiet', '--message', version);
    commits.push(asCommitId(await run(work, 'rev-parse', 'HEAD')));
  }
  await run(dir, 'clone', '--quiet', '--bare', work, origin);
  await run(origin, 'update-server-info');
});
afterAll(async () => {
  for (const server of servers) {
    server.closeAllConnections();
    server.close();
  }
  await rm(dir, { recursive: true, force: true });
});

describe('a commit', () => {
  test('is checked out whole, clean and in a repository of its own', async () => {
    const source = await get();
    expect(source).toEqual({
      worktree: join(dir, `tree-${fresh}`),
      treeId: await run(origin, 'rev-parse', `${commits[0]!}^{tree}`),
      history: 'commit',
      branchTips: [],
      isShallow: true,
      isClean: true,
      gitVersion: expect.stringMatching(/^\d+\.\d+/) as string,
    });
    expect(await readFile(join(source.worktree, 'version'), 'utf8')).toBe('one');
    const script = await stat(join(source.worktree, 'ci/container/build-ic.sh'));
    expect(script.mode & 0o111).not.toBe(0);
    expect((await stat(join(source.worktree, '.git'))).isDirectory()).toBe(true);
    await expect(stat(join(source.worktree, '.git/objects/info/alternates'))).rejects.toThrow();
    // Nothing is left for the build to run or to reach.
    expect(await readdir(join(source.worktree, '.git'))).not.toContain('hooks');
    expect(await run(source.worktree, 'status', '--porcelain')).toBe('');
    expect(await run(source.worktree, 'rev-parse', 'HEAD')).toBe(commits[0]);
  });

  test('that the cache has needs no host', async () => {
    const cacheDir = join(dir, 'cache-warm');
    await get({ cacheDir });
    const { treeId } = await get({ cacheDir, gitUrl: 'https://127.0.0.1:1/gone.git' });
    expect(treeId).toMatch(/^[0-9a-f]{40}$/);
  });

  test('is fetched from a damaged cache all the same', async () => {
    const cacheDir = join(dir, 'cache-damaged');
    await get({ cacheDir });
    await rm(join(cacheDir, 'objects'), { recursive: true });
    await mkdir(join(cacheDir, 'objects'));
    const { worktree } = await get({ cacheDir });
    expect(await readFile(join(worktree, 'version'), 'utf8')).toBe('one');
  });

  test('of which the cache lost a file is fetched anew', async () => {
    const cacheDir = join(dir, 'cache-lost');
    await get({ cacheDir });
    const blob = await run(origin, 'rev-parse', `${commits[0]!}:version`);
    const packs = await readdir(join(cacheDir, 'objects/pack'));
    for (const pack of packs.filter((name) => name.endsWith('.pack'))) {
      const input = await readFile(join(cacheDir, 'objects/pack', pack));
      await rm(join(cacheDir, 'objects/pack'), { recursive: true });
      await execa('git', ['unpack-objects', '-q'], { cwd: cacheDir, input });
    }
    await rm(join(cacheDir, 'objects', blob.slice(0, 2), blob.slice(2)));
    const { worktree } = await get({ cacheDir });
    expect(await readFile(join(worktree, 'version'), 'utf8')).toBe('one');
  });

  test('and others can be fetched into one cache at the same time', async () => {
    const cacheDir = join(dir, 'cache-shared');
    const all = [...commits, ...commits];
    const sources = await Promise.all(all.map(async (commit) => get({ cacheDir, commit })));
    const versions = await Promise.all(
      sources.map(async ({ worktree }) => readFile(join(worktree, 'version'), 'utf8')),
    );
    expect(versions).toEqual(['one', 'two', 'three', 'one', 'two', 'three']);
  });

  test('is found among all branches where the host cannot be asked by id', async () => {
    // A folder behind a plain web server: git calls that the dumb protocol.
    const base = await serve((request, response) => {
      const path = new URL(request.url ?? '', 'http://x').pathname;
      const file = createReadStream(join(origin, path));
      file.on('error', () => response.writeHead(404).end());
      file.pipe(response);
    });
    const cacheDir = join(dir, 'cache-dumb');
    const source = await get({ gitUrl: base, cacheDir, commit: commits[1]! });
    expect(source).toMatchObject({ history: 'commit', isShallow: true });
    expect(await readFile(join(source.worktree, 'version'), 'utf8')).toBe('two');
    const needsBranches = async () => Promise.resolve(true);
    for (const cache of [cacheDir, join(dir, 'cache-dumb-new')]) {
      const request = { gitUrl: base, cacheDir: cache, commit: commits[1]!, needsBranches };
      const { worktree } = await get(request);
      expect(await run(worktree, 'branch', '-r', '--contains', commits[1]!)).toContain('master');
    }
    const gone = 'https://127.0.0.1:1/gone.git';
    expect(await get({ cacheDir, gitUrl: gone, commit: commits[1]! })).toMatchObject({
      isClean: true,
    });
    await expect(get({ gitUrl: base, commit: ABSENT })).rejects.toThrow(
      refusal('SOURCE_UNAVAILABLE'),
    );
  });
});

describe('a source', () => {
  test('that does not have the commit is unavailable', async () => {
    await expect(get({ commit: ABSENT })).rejects.toThrow(refusal('SOURCE_UNAVAILABLE'));
  });

  test.each([
    [404, 'SOURCE_UNAVAILABLE'],
    [401, 'SOURCE_UNAVAILABLE'],
    [403, 'NETWORK'],
    [503, 'NETWORK'],
  ])('whose host answers %i is %s', async (status, code) => {
    const gitUrl = await serve((_, response) => {
      response.writeHead(status, { 'www-authenticate': 'Basic' }).end();
    });
    await expect(get({ gitUrl })).rejects.toThrow(refusal(code));
  });

  test('whose host is away or silent is a network fault, not unavailable', async () => {
    await expect(get({ gitUrl: 'http://127.0.0.1:1/x.git' })).rejects.toThrow(refusal('NETWORK'));
    const gitUrl = await serve(() => undefined);
    await expect(get({ gitUrl, stallTimeoutMs: 300 })).rejects.toThrow(refusal('NETWORK'));
    await expect(get({ gitUrl: 'file:///nowhere.git' })).rejects.toThrow(refusal('NETWORK'));
  });

  test('whose host comes back is fetched after all, one that lacks the commit is asked once', async () => {
    let requests = 0;
    const gitUrl = await serve((_, response) => {
      requests += 1;
      response.writeHead(requests < 3 ? 503 : 404).end();
    });
    await expect(get({ gitUrl, retries: 5, retryDelayMs: 1 })).rejects.toThrow(
      refusal('SOURCE_UNAVAILABLE'),
    );
    expect(requests).toBe(3);
  });

  test('is not fetched into a folder that holds anything', async () => {
    const worktreeDir = join(dir, 'full');
    await mkdir(worktreeDir);
    await writeFile(join(worktreeDir, 'mine'), 'precious');
    await expect(get({ worktreeDir })).rejects.toThrow(refusal('DIRTY_TREE'));
    expect(await readFile(join(worktreeDir, 'mine'), 'utf8')).toBe('precious');
  });

  test.each(['HEAD', 'master', '--upload-pack=x', commits[0]?.slice(0, 12) ?? 'abc'])(
    'is not asked for %j',
    async (commit) => {
      await expect(get({ commit: commit as CommitId })).rejects.toThrow(
        expect.objectContaining({ code: 'NOT_A_COMMIT' }),
      );
    },
  );

  test('can be interrupted, while fetching and while waiting for another', async () => {
    const gitUrl = await serve(() => undefined);
    const cacheDir = join(dir, 'cache-busy');
    const stop = new AbortController();
    const first = get({ gitUrl, cacheDir, signal: stop.signal });
    const second = get({ gitUrl, cacheDir, signal: stop.signal });
    const settled = Promise.allSettled([first, second]);
    setTimeout(() => {
      stop.abort();
    }, 200);
    for (const { status, ...rest } of await settled) {
      expect(status).toBe('rejected');
      expect(rest).toMatchObject({ reason: { code: 'INTERRUPTED' } });
    }
    // Neither of them kept the lock.
    expect(await get({ cacheDir })).toMatchObject({ isClean: true });
  });

  test('runs no program of its choosing and reads nobody’s configuration', async () => {
    const evil = join(dir, 'evil.git');
    await run(dir, 'clone', '--quiet', '--bare', origin, evil);
    const trace = join(dir, 'ran');
    await mkdir(join(evil, 'hooks'), { recursive: true });
    for (const hook of ['post-checkout', 'post-update', 'reference-transaction', 'pre-receive']) {
      await writeFile(join(evil, 'hooks', hook), `#!/bin/sh\ntouch ${trace}\n`, { mode: 0o755 });
    }
    const home = process.env['HOME'];
    process.env['HOME'] = dir;
    await writeFile(join(dir, '.gitconfig'), `[core]\n\thooksPath = ${join(evil, 'hooks')}\n`);
    try {
      await get({ gitUrl: `file://${evil}` });
    } finally {
      process.env['HOME'] = home;
    }
    await expect(stat(trace)).rejects.toThrow();
  });
});
