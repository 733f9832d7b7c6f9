import { join } from 'node:path';
import { IcosError, tryLock } from '#libs/icos';
import { ConfigError } from '#libs/platform';
import type { Config } from './config.js';
import { makeFolderDurably } from './jobs/durable-file.js';

/** A state folder that one agent has for itself. */
export interface StateLock {
  /** Gives it back; the end of the process does so, too, in whatever way it ends. */
  release(): void;
}

/**
 * Takes the state folder for this agent alone: a second one would end the builds of the first as left
 * over, and have it sign that they failed. Where it cannot be locked at all that is told by `say`, and
 * the agent starts.
 *
 * @throws ConfigError where another agent has it, or where it cannot be made
 */
export async function lockState(
  { STATE_DIR }: Pick<Config, 'STATE_DIR'>,
  say: (line: string) => void,
): Promise<StateLock> {
  await makeFolderDurably(STATE_DIR).catch((cause: unknown) => {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ConfigError(`STATE_DIR is not usable: ${reason}`, { cause });
  });
  try {
    const lock = await tryLock(join(STATE_DIR, 'agent.lock'), 'exclusive');
    if (lock !== null) return lock;
  } catch (error) {
    if (!(error instanceof IcosError)) throw error;
    say(`nothing keeps a second agent from STATE_DIR: ${error.message}`);
    return { release: () => undefined };
  }
  throw new ConfigError(
    'STATE_DIR is not usable: another agent runs on it; end that one, or give each a folder of its own',
  );
}
