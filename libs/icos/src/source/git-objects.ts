import { execa } from 'execa';
import { quote } from '#libs/encoding';
import { IcosError, interrupted } from '../error.js';
import { gitCommand, gitEnvironment } from './git-settings.js';

const MAX_OUTPUT_BYTES = 8 * 1024 ** 2;
const TIMEOUT_MS = 60_000;

/**
 * Reads objects of a repository by names that hold no line break, and gives their bytes in the
 * order of the names: null for one that is missing, undefined for those that no longer fit into
 * 8 MiB. Git does not look whether the bytes are what an object's id says.
 *
 * @throws IcosError GIT_FAILED, INTERRUPTED, NOT_STARTED
 */
export async function readObjects(
  gitDir: string,
  names: readonly string[],
  signal: AbortSignal,
): Promise<readonly (Buffer | null | undefined)[]> {
  const [program, ...args] = gitCommand(['cat-file', '--batch']);
  const end = await execa(program, args, {
    cwd: gitDir,
    env: gitEnvironment(gitDir, true),
    extendEnv: false,
    input: names.map((name) => `${name}\n`).join(''),
    encoding: 'buffer',
    stripFinalNewline: false,
    maxBuffer: MAX_OUTPUT_BYTES,
    timeout: TIMEOUT_MS,
    cancelSignal: signal,
    reject: false,
  });
  if (signal.aborted) throw interrupted(signal);
  if (end.failed && !end.isMaxBuffer) {
    const code = end.exitCode === undefined && !end.timedOut ? 'NOT_STARTED' : 'GIT_FAILED';
    throw new IcosError(code, `git cannot read ${quote(gitDir)}: ${end.shortMessage}`, {
      cause: end,
    });
  }
  return splitObjects(Buffer.from(end.stdout), names);
}

/** Source: git-cat-file(1), "Batch output" */
function splitObjects(
  output: Buffer,
  names: readonly string[],
): readonly (Buffer | null | undefined)[] {
  let offset = 0;
  return names.map((name) => {
    const lineEnd = output.indexOf('\n', offset);
    if (lineEnd < 0) return undefined;
    const line = output.toString('utf8', offset, lineEnd);
    if (line === `${name} missing`) {
      offset = lineEnd + 1;
      return null;
    }
    const start = lineEnd + 1;
    const end = start + Number(/^[0-9a-f]{40} [a-z]+ (\d+)$/.exec(line)?.[1]);
    if (!(end <= output.length)) {
      // Nothing after it can be told apart any more.
      offset = output.length;
      return undefined;
    }
    offset = end + 1;
    return output.subarray(start, end);
  });
}
