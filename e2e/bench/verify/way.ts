import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { entry } from '../../stack/entry.js';
import { GIT_ENVIRONMENT } from '../../world/git.js';
import { projectRoot } from '../../world/project-root.js';
import type { ReleaseStand } from './release-stand.js';

/** One way to verify a release, as a program that is started and waited for. */
export interface Way {
  readonly name: string;
  /**
   * Verifies with what an earlier run left in `dir`, and gives what it says of itself.
   *
   * @throws Error when it does not find the release verified
   */
  readonly run: (stand: ReleaseStand, dir: string) => Promise<string>;
}

/** The steps of dfinity/ic's repro-check, in Python. */
export const SCRIPT_WAY: Way = {
  name: "the script's way",
  run: async ({ proposalUrl, cdnUrls, gitUrl }, dir) => {
    const program = join(projectRoot(), 'e2e/bench/verify/script-way.py');
    const args = [program, proposalUrl, gitUrl, join(dir, 'cache'), ...cdnUrls];
    return runProgram('python3', args, dir, {});
  },
};

/** `repro-quorum check`: what a user would type, with all that it checks. */
export const OUR_WAY: Way = { name: 'ours', run: async (stand, dir) => runOurs(stand, dir, []) };

/** Runs our way, with more arguments for Node. */
export async function runOurs(
  { proposalId, environment }: ReleaseStand,
  dir: string,
  nodeArgs: readonly string[],
): Promise<string> {
  const folders = ['--cache-dir', join(dir, 'cache'), '--temp-dir', join(dir, 'tmp')];
  const what = ['-p', proposalId, '--guestos', '--download-source', 'both'];
  const args = [...nodeArgs, entry('cli'), 'check', ...what, ...folders];
  return runProgram(process.execPath, args, dir, environment);
}

async function runProgram(
  file: string,
  args: readonly string[],
  dir: string,
  env: Readonly<Record<string, string>>,
): Promise<string> {
  await mkdir(join(dir, 'tmp'), { recursive: true });
  const { PATH } = process.env;
  const { stdout, stderr, failed, exitCode } = await execa(file, args, {
    env: { ...GIT_ENVIRONMENT, ...env, PATH, HOME: dir, TMPDIR: join(dir, 'tmp') },
    extendEnv: false,
    stdin: 'ignore',
    reject: false,
  });
  if (!failed) return stdout;
  const words = `${stdout}\n${stderr}`.trim().slice(-2000);
  throw new Error(`${file} ended with ${exitCode ?? 'no exit code'}: ${words}`);
}
