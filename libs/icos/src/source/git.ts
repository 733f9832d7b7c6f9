import { IcosError, interrupted } from '../error.js';
import { OutputTail } from '../build/output-tail.js';
import { runProcess } from '../build/run-process.js';
import { StallTimer } from '../download/stall-timer.js';
import { gitCommand, gitEnvironment, type GitProtocol } from './git-settings.js';

/** How git is run. */
export interface GitOptions {
  /** Absolute path of a folder. */
  readonly cwd: string;
  /** Whether that folder is a bare repository; otherwise one with a worktree, or none yet. */
  readonly isBare?: boolean;
  /** Transports that this call may use; none by default. */
  readonly protocols?: readonly GitProtocol[];
  readonly signal: AbortSignal;
  /** Longest time without a word of progress, in milliseconds. */
  readonly stallTimeoutMs: number;
  /** Longest time altogether, in milliseconds; default twelve hours. */
  readonly totalTimeoutMs?: number;
  /** Percentage of the step that git is at, as it reports it. */
  readonly onProgress?: (percent: number) => void;
}

const WORDS = /^(?:fatal|error|remote):/;
const PROGRESS = /% \(|^remote: (?:Enumerating|Counting|Compressing|Total) /;
const STDERR_TAIL_BYTES = 4096;
const MAX_STDOUT_BYTES = 1024 ** 2;
const GRACE_MS = 2_000;
const DEFAULT_TOTAL_TIMEOUT_MS = 12 * 3_600_000;

/**
 * Runs git with these arguments and returns what it says on standard output, trimmed; of more than
 * 1 MiB the end.
 *
 * @throws IcosError GIT_FAILED with git's last words as message, NETWORK when it stalls,
 * INTERRUPTED, NOT_STARTED without git
 */
export async function git(args: readonly string[], options: GitOptions): Promise<string> {
  const { totalTimeoutMs = DEFAULT_TOTAL_TIMEOUT_MS } = options;
  const timer = new StallTimer('git', options.stallTimeoutMs, totalTimeoutMs);
  const stdout = new OutputTail(MAX_STDOUT_BYTES);
  const stderr = new OutputTail(STDERR_TAIL_BYTES);
  try {
    const end = await runProcess({
      command: gitCommand(args, options.protocols),
      cwd: options.cwd,
      env: gitEnvironment(options.cwd, options.isBare === true),
      signal: AbortSignal.any([options.signal, timer.signal]),
      graceMs: GRACE_MS,
      onStdout: (chunk) => {
        timer.touch();
        stdout.push(chunk);
      },
      onStderr: (chunk) => {
        timer.touch();
        stderr.push(chunk);
        const percent = /(\d{1,3})% \(/.exec(chunk.toString('latin1'))?.[1];
        if (percent !== undefined) options.onProgress?.(Number(percent));
      },
    });
    if (options.signal.aborted) throw interrupted(options.signal);
    if (timer.signal.aborted) {
      throw new IcosError('NETWORK', 'git made no progress', { cause: timer.signal.reason });
    }
    if (end.exitCode !== 0) throw new IcosError('GIT_FAILED', lastWords(args, stderr.text));
    return stdout.text.trim();
  } finally {
    timer.stop();
  }
}

/** The lines in which git says what is wrong; its progress and advice tell nobody anything. */
function lastWords(args: readonly string[], stderr: string): string {
  const lines = stderr.split('\n').filter((line) => WORDS.test(line) && !PROGRESS.test(line));
  const words = (lines.length > 0 ? lines : stderr.trim().split('\n').slice(-1)).join('; ');
  return `git ${args[0] ?? ''} failed: ${words.slice(-400)}`;
}
