import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Config } from '../config.js';

/** Folders of one build. */
export interface Workspace {
  readonly worktree: string;
  readonly tempDir: string;
  readonly logPath: string;
  /** Removes everything but the log. */
  remove(): Promise<void>;
}

/**
 * Makes the folders of a build. Whatever an earlier, interrupted try left is removed first: a build
 * that attests starts from nothing.
 */
export async function createWorkspace(
  config: Config,
  round: string,
  jobFolder: string,
): Promise<Workspace> {
  const folder = join(config.BUILD_DIR, round.slice(0, 16));
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await mkdir(config.BUILD_HOME, { recursive: true });
  const tempDir = await mkdtemp(join(config.BUILD_TMPDIR, 'repro-quorum-'));
  return {
    worktree: join(folder, 'ic'),
    tempDir,
    logPath: join(jobFolder, 'build.log'),
    remove: async () => {
      await rm(folder, { recursive: true, force: true });
      await rm(tempDir, { recursive: true, force: true });
    },
  };
}
