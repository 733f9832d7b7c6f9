import { execa } from 'execa';
import { WorldError } from './error.js';

/**
 * Variables that keep a caller's git settings and hooks out: the same commands give the same
 * objects for everyone. Undefined removes a variable.
 */
export const GIT_ENVIRONMENT: Readonly<Record<string, string | undefined>> = {
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_TERMINAL_PROMPT: '0',
  GIT_DIR: undefined,
  GIT_WORK_TREE: undefined,
  GIT_INDEX_FILE: undefined,
  LC_ALL: 'C',
};

/**
 * Runs git and returns its standard output without the last line break.
 *
 * @throws WorldError COMMAND_FAILED with what git said
 */
export async function git(args: readonly string[], input?: Uint8Array): Promise<string> {
  const result = await execa('git', args, {
    env: GIT_ENVIRONMENT,
    reject: false,
    ...(input && { input }),
  });
  if (result.failed) {
    throw new WorldError('COMMAND_FAILED', `git ${args[0] ?? ''} failed: ${result.stderr}`, {
      cause: result,
    });
  }
  return result.stdout;
}
