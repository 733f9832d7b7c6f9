import { realpath } from 'node:fs/promises';
import type { MachineFacts } from '#libs/fingerprint';
import { privateWords } from '../build/private-words.js';
import type { Workspace } from '../build/workspace.js';
import type { Config } from '../config.js';
import { privateValuesOf, type PrivateValue } from './private-value.js';

/**
 * Collects what is private of one build: the values behind the salted facts, as they were in force for
 * it, and every folder that the agent was told of, by its real path as well.
 */
export async function privateValuesOfBuild(
  config: Config,
  machine: MachineFacts,
  { worktree, homeDir, tempDir }: Pick<Workspace, 'worktree' | 'homeDir' | 'tempDir'>,
  buildHome = homeDir,
): Promise<readonly PrivateValue[]> {
  const words = await privateWords(config);
  const text = (name: keyof MachineFacts): string[] => {
    const value = machine[name];
    return typeof value === 'string' ? [value] : [];
  };
  const homes = [...text('user.home'), config.BUILD_HOME, homeDir, buildHome];
  const buildPaths = [...text('build.path'), worktree, tempDir, ...words.paths];
  return privateValuesOf({
    hostnames: [...text('machine.hostname'), words.hostname],
    users: [...text('user.name'), words.user],
    homes: await withRealPaths(homes),
    // A home is among the agent's paths as well: what it is called first is what it counts as.
    buildPaths: await withRealPaths(buildPaths),
  });
}

/** Programs tell where they are by the path without links. */
async function withRealPaths(paths: readonly string[]): Promise<readonly string[]> {
  const real = await Promise.all(paths.map(async (path) => realpath(path).catch(() => path)));
  return [...paths, ...real];
}
