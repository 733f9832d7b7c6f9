import { execa } from 'execa';
import { entry } from './entry.js';
import type { Stack } from './stack.js';
import { STACK_TOKEN } from './token.js';

/** What a command said and how it ended. */
export interface CliRun {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;
}

/** Runs the built command line against a stack's coordinator, as a user would. */
export async function cli(
  stack: Pick<Stack, 'coordinator'> & { readonly token?: string },
  ...args: readonly string[]
): Promise<CliRun> {
  const { stdout, stderr, exitCode } = await execa(process.execPath, [entry('cli'), ...args], {
    env: {
      REPRO_QUORUM_COORDINATOR: stack.coordinator.url,
      REPRO_QUORUM_TOKEN: stack.token ?? STACK_TOKEN,
      NO_COLOR: '1',
    },
    reject: false,
    timeout: 180_000,
  });
  return { stdout, stderr, exitCode: exitCode ?? -1 };
}
