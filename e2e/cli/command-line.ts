import { existsSync } from 'node:fs';
import { execa } from 'execa';
import { entry } from '../stack/entry.js';

/** How a command ended. */
export interface Ended {
  readonly exitCode: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs the built `repro-quorum` in a folder, as a user would, and gives what it printed and its exit
 * code, whatever that is. Its environment holds nothing but what is given.
 *
 * @throws Error when nothing was built
 */
export async function reproQuorum(
  folder: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Ended> {
  const program = entry('cli');
  if (!existsSync(program)) throw new Error('there is no dist/: run `npm run build` first');
  const { exitCode, stdout, stderr } = await execa(process.execPath, [program, ...args], {
    cwd: folder,
    env: { PATH: process.env['PATH'] ?? '', ...env },
    extendEnv: false,
    reject: false,
    stdin: 'ignore',
    stripFinalNewline: false,
    timeout: 60_000,
  });
  return { exitCode, stdout, stderr };
}
