import { randomBytes } from 'node:crypto';
import { chmod, chown, lstat, mkdir, rm } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { z } from 'zod';
import {
  clearConfines,
  mountDisk,
  removeBuildFolder,
  unmountDisk,
  type BuildUser,
} from '#libs/icos';
import type { Config } from '../config.js';
import { readIfThere, writeDurably } from '../jobs/durable-file.js';
import { endOrphans } from './orphans.js';

/** Folders of one build. */
export interface Workspace {
  readonly worktree: string;
  /** Where a cold build gets its home; not made here. */
  readonly homeDir: string;
  readonly tempDir: string;
  readonly logPath: string;
  /** Name of the build's control group, where it gets one. */
  readonly groupName: string;
  /** Removes everything but the log. */
  remove(): Promise<void>;
}

/** What a build leaves in its job's folder as long as it runs, so that its traces can be found. */
const Running = z.object({ tempDir: z.string().regex(/^\/(?:.*\/)?repro-quorum-[0-9a-f]{16}$/s) });
const RUNNING_FILE = 'running.json';

/**
 * Makes the folders of a build. Whatever an earlier, interrupted try left, running or lying, is
 * removed first: a build that attests starts from nothing.
 */
export async function createWorkspace(
  config: Config,
  round: string,
  jobFolder: string,
  user: BuildUser | null = null,
): Promise<Workspace> {
  await removeLeftovers(config, round, jobFolder);
  const folder = folderOf(config, round);
  const diskBytes = user === null || config.BUILD_DISK === 'watch' ? null : config.BUILD_DISK_BYTES;
  // On a disk of its own, the temp folder is on it, too: it is what a build fills most easily.
  const tempDir = join(
    resolve(diskBytes == null ? config.BUILD_TMPDIR : folder),
    `repro-quorum-${randomBytes(8).toString('hex')}`,
  );
  // Told before there is anything: a crash at any later point finds its traces again.
  await writeDurably(join(jobFolder, RUNNING_FILE), JSON.stringify({ tempDir }));
  await mkdir(folder, { recursive: true });
  if (diskBytes != null) await mountDisk(folder, diskBytes);
  if (user !== null) await admit(folder, user);
  await mkdir(config.BUILD_HOME, { recursive: true });
  await mkdir(tempDir, { mode: 0o700 });
  return {
    worktree: join(folder, 'ic'),
    homeDir: join(folder, 'home'),
    tempDir,
    logPath: buildLogPath(jobFolder),
    groupName: basename(tempDir),
    remove: async () => {
      await removeFolder(folder);
      await removeBuildFolder(tempDir);
      await rm(join(jobFolder, RUNNING_FILE), { force: true });
    },
  };
}

/** Tells whether a build left anything that was not removed yet: its agent was killed, or could not. */
export async function hasLeftovers(
  config: Config,
  round: string,
  jobFolder: string,
): Promise<boolean> {
  const traces = [join(jobFolder, RUNNING_FILE), folderOf(config, round)];
  const found = await Promise.all(traces.map(async (path) => lstat(path).catch(() => null)));
  return found.some((facts) => facts !== null);
}

/**
 * Ends the processes and removes the folders of a build whose agent was killed.
 *
 * @returns whether a process of it still ran
 */
export async function removeLeftovers(
  config: Config,
  round: string,
  jobFolder: string,
): Promise<boolean> {
  const tempDir = await readTempDir(jobFolder);
  const wasRunning = tempDir !== null && (await endOrphans(tempDir));
  // With rights the build had a group, which nothing of it could leave.
  if (tempDir !== null && process.geteuid?.() === 0) await clearConfines(basename(tempDir));
  await removeFolder(folderOf(config, round));
  if (tempDir !== null) await removeBuildFolder(tempDir);
  await rm(join(jobFolder, RUNNING_FILE), { force: true });
  return wasRunning;
}

async function removeFolder(folder: string): Promise<void> {
  if (process.geteuid?.() === 0) await unmountDisk(folder);
  await removeBuildFolder(folder);
}

/**
 * Lets a user through a folder that stays the agent's: what is in it is the user's own, but it can
 * neither exchange one thing for another there, nor can users of other builds come in.
 */
async function admit(folder: string, { gid }: BuildUser): Promise<void> {
  await chown(folder, -1, gid);
  await chmod(folder, 0o710);
}

/**
 * Tells whether builds of two rounds would have one folder. Its name is short, since paths of builds are long
 * already: who opens rounds can bring it about.
 */
export function shareFolder(round: string, other: string): boolean {
  return folderName(round) === folderName(other);
}

function folderOf(config: Config, round: string): string {
  return join(config.BUILD_DIR, folderName(round));
}

function folderName(round: string): string {
  return round.slice(0, 16);
}

async function readTempDir(jobFolder: string): Promise<string | null> {
  const text = await readIfThere(join(jobFolder, RUNNING_FILE));
  try {
    return text === null ? null : Running.parse(JSON.parse(text)).tempDir;
  } catch {
    // Nothing but our own form of path is ever removed on a file's word.
    return null;
  }
}

/** Where a job keeps the log of its build. */
export function buildLogPath(jobFolder: string): string {
  return join(jobFolder, 'build.log');
}
