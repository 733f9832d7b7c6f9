import { randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { CommitId } from '#libs/encoding';
import { acquireLock, removeBuildFolder, tryLock } from '#libs/icos';
import { CommandError, EXIT } from '../exit.js';
import { fileTrouble } from '../file-trouble.js';
import type { CheckRequest } from './request.js';

/** Folders of one run. Those of the build are this run's alone; the caches are shared. */
export interface Workspace {
  /** Bare repository, shared by all runs. */
  readonly sourceCacheDir: string;
  /** Below it one folder a commit. */
  readonly downloadDir: string;
  /** The user's own home, which a warm build uses. */
  readonly home: string;
  /** This run's build: worktree, fresh home, log. */
  readonly buildDir: string;
  readonly worktreeDir: string;
  readonly freshHome: string;
  readonly logPath: string;
  /** The build's temp folder, where its temp filesystem is. */
  readonly tempDir: string;
  /** Ends the run's claim on its folders, and removes them unless they are to be kept. */
  leave(keep: boolean): Promise<void>;
}

const TEMP_DIR = /^\/(?:.*\/)?repro-quorum-[0-9a-f]{16}$/s;
const LOCK = '.lock';

/**
 * Makes the folders of a run. Names are random: two runs at one moment never share any. What a
 * killed run left is removed; a running one holds its lock.
 *
 * @throws CommandError usage when they cannot be made
 */
export async function createWorkspace(
  { cacheDir, tempDir }: CheckRequest,
  commit: CommitId,
): Promise<Workspace> {
  const unique = randomBytes(8).toString('hex');
  const builds = join(cacheDir, 'builds');
  const buildDir = join(builds, `${commit.slice(0, 12)}-${unique}`);
  const ownTempDir = join(tempDir, `repro-quorum-${unique}`);
  const lock = await orUsage(async () => {
    await mkdir(builds, { recursive: true });
    await removeLeftovers(builds);
    const held = await acquireLock(`${buildDir}${LOCK}`, 'exclusive');
    await mkdir(buildDir);
    // Told before there is anything: a crash at any later point finds its traces again.
    await writeFile(join(buildDir, 'temp-dir'), ownTempDir);
    await mkdir(ownTempDir, { recursive: true, mode: 0o700 });
    return held;
  });
  return {
    sourceCacheDir: join(cacheDir, 'source.git'),
    downloadDir: join(cacheDir, 'downloads'),
    home: homedir(),
    buildDir,
    worktreeDir: join(buildDir, 'ic'),
    freshHome: join(buildDir, 'home'),
    logPath: join(buildDir, 'build.log'),
    tempDir: ownTempDir,
    leave: async (keep) => {
      if (!keep) {
        await removeBuildFolder(buildDir);
        await removeBuildFolder(ownTempDir);
      }
      // Without its lock file a folder is nobody's to remove: it was kept on purpose.
      await rm(`${buildDir}${LOCK}`, { force: true });
      lock.release();
    },
  };
}

async function removeLeftovers(builds: string): Promise<void> {
  const names = (await readdir(builds)).filter((name) => name.endsWith(LOCK));
  for (const name of names) {
    const lock = await tryLock(join(builds, name), 'exclusive');
    if (lock === null) continue;
    const folder = join(builds, name.slice(0, -LOCK.length));
    const tempDir = await readFile(join(folder, 'temp-dir'), 'utf8').catch(() => '');
    // Nothing but our own form of path is ever removed on a file's word.
    if (TEMP_DIR.test(tempDir)) await removeBuildFolder(tempDir);
    await removeBuildFolder(folder);
    await rm(join(builds, name), { force: true });
    lock.release();
  }
}

async function orUsage<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    throw new CommandError(
      EXIT.usage,
      `cannot make the folders of this run: ${fileTrouble(cause)}`,
      'choose others with --cache-dir and --temp-dir',
      { cause },
    );
  }
}
