import { randomBytes } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { removeBuildFolder } from '#libs/icos';
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
): Promise<Workspace> {
  await removeLeftovers(config, round, jobFolder);
  const folder = folderOf(config, round);
  const tempDir = join(
    resolve(config.BUILD_TMPDIR),
    `repro-quorum-${randomBytes(8).toString('hex')}`,
  );
  // Told before there is anything: a crash at any later point finds its traces again.
  await writeDurably(join(jobFolder, RUNNING_FILE), JSON.stringify({ tempDir }));
  await mkdir(folder, { recursive: true });
  await mkdir(config.BUILD_HOME, { recursive: true });
  await mkdir(tempDir, { mode: 0o700 });
  return {
    worktree: join(folder, 'ic'),
    homeDir: join(folder, 'home'),
    tempDir,
    logPath: buildLogPath(jobFolder),
    remove: async () => {
      await removeBuildFolder(folder);
      await removeBuildFolder(tempDir);
      await rm(join(jobFolder, RUNNING_FILE), { force: true });
    },
  };
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
  await removeBuildFolder(folderOf(config, round));
  if (tempDir !== null) await removeBuildFolder(tempDir);
  await rm(join(jobFolder, RUNNING_FILE), { force: true });
  return wasRunning;
}

function folderOf(config: Config, round: string): string {
  return join(config.BUILD_DIR, round.slice(0, 16));
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
