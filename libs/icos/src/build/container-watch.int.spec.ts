import { chmod, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { watchContainers, type ContainerTrace, type ContainerWatch } from '../index.js';

const EVERY_MS = 40;
const PATIENCE = { timeout: 10_000, interval: 20 };
const IMAGE_ID = 'c'.repeat(64);
const DIGEST = `sha256:${'d'.repeat(64)}`;
const UNKNOWN: ContainerTrace = { ran: null, engine: null, imageDigest: null, imageOrigin: null };
const NONE = { ...UNKNOWN, ran: false };
const FOUND = { ran: true, engine: 'podman', imageDigest: DIGEST, imageOrigin: 'pulled' };

const isRoot = process.geteuid?.() === 0;
const trial = await execa('unshare', ['--mount', 'mount', '-t', 'tmpfs', 'none', '/mnt'], {
  reject: false,
});
/** Without root nobody can make a container without an engine. */
const canMount = isRoot && trial.exitCode === 0;

let dir = '';
let pids: number[] = [];
const at = (path: string): string => join(dir, path);
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'watch-'));
  pids = [];
  await chmod(dir, 0o755);
  for (const name of ['parent/ic/artifacts', 'other', 'bin', 'home']) {
    await mkdir(at(name), { recursive: true });
  }
});
afterEach(async () => {
  for (const pid of pids) process.kill(pid, 'SIGKILL');
  await rm(dir, { recursive: true, force: true });
});

const watch = (): ContainerWatch =>
  watchContainers({
    worktree: at('parent/ic'),
    env: { PATH: `${at('bin')}:/usr/bin:/bin`, HOME: at('home') },
    everyMs: EVERY_MS,
  });

/** Starts `sleep` at the end of a script, as nobody's child: an engine's containers are that too. */
async function settle(script: string, program: readonly string[] = []): Promise<void> {
  const body = `set -e; ${script}\necho $$ > ${at('pid')}; exec ${[...program, 'sleep', '600'].join(' ')}`;
  await execa('setsid', ['--fork', 'bash', '-c', body], { stdio: 'ignore' });
  await vi.waitFor(async () => {
    const pid = Number(await readFile(at('pid'), 'utf8'));
    expect(await readFile(`/proc/${pid}/comm`, 'utf8')).toBe('sleep\n');
    pids.push(pid);
  }, PATIENCE);
}

const WORKTREE = 'parent/ic';
const MARK = [
  'engine="podman-4.9.3"',
  ...['name="x"', 'image="ghcr.io/dfinity/ic-build:a"', `imageid="${IMAGE_ID}"`, 'rootless=0'],
].join('\n');

/** A container in all that counts: mounts and a root of its own, marked as an engine marks it. */
async function container(bound: string, mark: string, more = '', cwd = '/'): Promise<void> {
  const root = at('root');
  const mounts = `
    mkdir ${root}; mount -t tmpfs none ${root}; cd ${root}
    mkdir -p usr run ic; ln -s usr/bin usr/lib usr/lib64 .
    mount --bind /usr usr; mount --bind ${at(bound)} ic
    ${mark}; ${more}`;
  const program = ['chroot', root, '/usr/bin/env', '-C', cwd];
  await settle('', [...unshared(mounts), ...program]);
}
/** The script's way into a mount namespace of its own. */
const unshared = (script: string): readonly string[] => [
  ...['unshare', '--mount', '--propagation', 'private'],
  ...['bash', '-c', `'set -e; ${script}\nexec "$@"'`, 'bash'],
];
const marked = (text: string): string =>
  `printf %s "${text.replaceAll('"', '\\"')}" > run/.containerenv`;

/** Prints what podman prints; files in the home say what it was asked for. */
async function fakePodman(source: string): Promise<void> {
  const inspected = [{ Image: IMAGE_ID, Mounts: [{ Type: 'bind', Source: source }, {}] }];
  const RepoDigests = [`ghcr.io/dfinity/ic-build@${DIGEST}`];
  const image = [{ Digest: DIGEST, RepoDigests, RepoTags: ['ghcr.io/dfinity/ic-build:a'] }];
  const script = `#!/bin/sh
case "$1 $2" in
  "ps --quiet") echo ${'e'.repeat(64)}; echo > ${at('home/asked')} ;;
  "container inspect") echo '${JSON.stringify(inspected)}' ;;
  "image inspect") echo > ${at('home/inspected')}; [ "$3" = ${IMAGE_ID} ] && echo '${JSON.stringify(image)}' ;;
  *) exit 125 ;;
esac
`;
  await writeFile(at('bin/podman'), script, { mode: 0o755 });
}

describe('a build', () => {
  test('that starts no container ran in none', async () => {
    const seeing = watch();
    await execa('true');
    expect(await seeing.stop()).toEqual(NONE);
    expect(await seeing.stop()).toEqual(NONE);
  });

  test('in a folder that is not there is not known to have run anywhere', async () => {
    await rm(at(WORKTREE), { recursive: true });
    expect(await watch().stop()).toEqual(UNKNOWN);
  });

  test('is not watched any longer once the signal aborts', async () => {
    const stop = new AbortController();
    const request = { worktree: at(WORKTREE), env: {}, everyMs: 3_600_000, signal: stop.signal };
    const seeing = watchContainers(request);
    stop.abort();
    expect(await seeing.stop()).toEqual(NONE);
  });
});

describe.skipIf(!canMount)('a build, seen by root,', () => {
  test('in a container of podman ran there, and its image is told by podman', async () => {
    await fakePodman('/elsewhere');
    const seeing = watch();
    await container(WORKTREE, marked(MARK));
    expect(await seeing.stop()).toEqual(FOUND);
  });

  test('is still known to have run there when the container has ended', async () => {
    await fakePodman('/elsewhere');
    const seeing = watch();
    await container(WORKTREE, marked(MARK));
    await vi.waitFor(async () => stat(at('home/inspected')), PATIENCE);
    process.kill(pids.pop() ?? 0, 'SIGKILL');
    expect(await seeing.stop()).toEqual(FOUND);
  });

  test.each([
    ['whose mark is empty, as podman leaves it without --privileged', ': > run/.containerenv'],
    ['whose mark is a link to nowhere', 'ln -s /dev/zero run/.containerenv'],
    ['whose mark tells lies', marked('imageid="--root=/"\nengine="podman')],
    ['whose mark is a pipe', 'mkfifo run/.containerenv'],
  ])('in a container %s, is told by podman by its mounts', async (_which, mark) => {
    await fakePodman(at(WORKTREE));
    const seeing = watch();
    await container(WORKTREE, mark);
    expect(await seeing.stop()).toEqual(FOUND);
  });

  test('in a container of docker ran there, whose image nobody tells', async () => {
    const seeing = watch();
    await container(WORKTREE, ': > .dockerenv');
    expect(await seeing.stop()).toEqual({ ...UNKNOWN, ran: true, engine: 'docker' });
  });

  test('in a container that has only a folder of it ran there', async () => {
    const seeing = watch();
    await container(`${WORKTREE}/artifacts`, marked(MARK));
    expect(await seeing.stop()).toMatchObject({ ran: true });
  });

  test('in a container that has the folder around it ran there if it works in it', async () => {
    const seeing = watch();
    await container('parent', marked(MARK), '', '/ic/ic');
    expect(await seeing.stop()).toMatchObject({ ran: true });
  });

  test('did not run in a container that only happens to see it', async () => {
    const seeing = watch();
    await container('parent', marked(MARK), '', '/ic');
    expect(await seeing.stop()).toEqual(NONE);
  });

  test.each([
    ['in a container with other folders', () => container('other', marked(MARK))],
    ['in a mere change of root', () => container(WORKTREE, 'true')],
    [
      'in a sandbox with our own root',
      () => settle('', unshared(`mount --bind ${at(WORKTREE)} ${at('other')}`)),
    ],
    ['in a container that ran before', async () => Promise.resolve()],
  ])('does not count as %s', async (which, start) => {
    if (which.endsWith('before')) await container(WORKTREE, marked(MARK));
    const seeing = watch();
    await start();
    expect(await seeing.stop()).toEqual(NONE);
  });
});

describe.skipIf(!isRoot)('a build, seen by somebody who may not look at root’s processes,', () => {
  /** Runs as another user until the watch has told. */
  async function asNobody(run: () => Promise<ContainerTrace>): Promise<ContainerTrace> {
    process.seteuid?.(65_534);
    try {
      return await run();
    } finally {
      process.seteuid?.(0);
    }
  }
  async function startedByRoot(asked?: string): Promise<ContainerTrace> {
    await chmod(at('home'), 0o777);
    return asNobody(async () => {
      const seeing = watch();
      process.seteuid?.(0);
      await settle('');
      process.seteuid?.(65_534);
      if (asked !== undefined) await vi.waitFor(async () => stat(at(asked)), PATIENCE);
      return seeing.stop();
    });
  }

  test('is not known to have run in a container, nor not to have', async () => {
    expect(await startedByRoot()).toEqual(UNKNOWN);
  });

  test('is told by an engine that answers', async () => {
    await fakePodman(at(WORKTREE));
    await mkdir(at('home/.local/share/containers'), { recursive: true });
    expect(await startedByRoot('home/asked')).toEqual(FOUND);
  });

  test('is not known either when the engine knows of another', async () => {
    await fakePodman(at('other'));
    await mkdir(at('home/.local/share/containers'), { recursive: true });
    expect(await startedByRoot('home/asked')).toEqual(UNKNOWN);
  });

  test('leaves an engine alone that would begin by making itself a store', async () => {
    await fakePodman(at(WORKTREE));
    expect(await startedByRoot()).toEqual(UNKNOWN);
    await expect(stat(at('home/asked'))).rejects.toThrow();
  });
});
