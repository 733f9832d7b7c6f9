import { IcosError, interrupted } from '../error.js';
import { OutputTail } from '../build/output-tail.js';
import { runProcess } from '../build/run-process.js';
import { StallTimer } from '../download/stall-timer.js';
import { SYSTEM_PATH } from '../build/system-path.js';

/** How git is run. */
export interface GitOptions {
  readonly cwd: string;
  /** Transports that this call may use; none by default. */
  readonly protocols?: readonly GitProtocol[];
  readonly signal: AbortSignal;
  /** Longest time without a word of progress, in milliseconds. */
  readonly stallTimeoutMs: number;
  /** Percentage of the step that git is at, as it reports it. */
  readonly onProgress?: (percent: number) => void;
}

/** Transports that a source may come by; `ext`, `ssh` and `git` are never among them. */
export type GitProtocol = 'https' | 'http' | 'file';

const STDERR_TAIL_BYTES = 4096;
const MAX_STDOUT_BYTES = 1024 ** 2;
const GRACE_MS = 2_000;
const TOTAL_TIMEOUT_MS = 12 * 3_600_000;

/**
 * Settings that hold whatever a repository says: no program of its choosing runs (hooks, monitors,
 * filters by helpers, `ext::`), objects are checked as they arrive, and nothing is tidied away
 * under another process.
 */
const SETTINGS = [
  ...['core.hooksPath=/dev/null', 'core.fsmonitor=false', 'core.attributesFile=/dev/null'],
  ...['credential.helper=', 'core.askPass=', 'core.autocrlf=false'],
  ...['protocol.allow=never', 'protocol.ext.allow=never'],
  ...['fetch.fsckObjects=true', 'transfer.fsckObjects=true', 'fetch.recurseSubmodules=false'],
  ...['submodule.recurse=false', 'gc.auto=0', 'maintenance.auto=false'],
  ...['http.lowSpeedLimit=1', 'http.lowSpeedTime=120'],
];

/**
 * The whole environment of git: nobody's configuration, no prompts, no replacement objects, and
 * messages in the one language that this lib reads.
 */
const ENVIRONMENT = {
  PATH: SYSTEM_PATH,
  HOME: '/nonexistent',
  LC_ALL: 'C',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_ATTR_NOSYSTEM: '1',
  GIT_TERMINAL_PROMPT: '0',
  GIT_NO_REPLACE_OBJECTS: '1',
  GIT_OPTIONAL_LOCKS: '0',
};

/**
 * Runs git with these arguments and returns what it says on standard output, trimmed.
 *
 * @throws IcosError GIT_FAILED with git's last words as message, NETWORK when it stalls,
 * INTERRUPTED, NOT_STARTED without git
 */
export async function git(args: readonly string[], options: GitOptions): Promise<string> {
  const timer = new StallTimer('git', options.stallTimeoutMs, TOTAL_TIMEOUT_MS);
  const stdout = new OutputTail(MAX_STDOUT_BYTES);
  const stderr = new OutputTail(STDERR_TAIL_BYTES);
  const allowed = (options.protocols ?? []).map((name) => `protocol.${name}.allow=always`);
  try {
    const end = await runProcess({
      command: ['git', ...[...SETTINGS, ...allowed].flatMap((item) => ['-c', item]), ...args],
      cwd: options.cwd,
      env: ENVIRONMENT,
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
  const lines = stderr.split('\n').filter((line) => /^(?:fatal|error|remote):/.test(line));
  const words = (lines.length > 0 ? lines : stderr.trim().split('\n').slice(-1)).join('; ');
  return `git ${args[0] ?? ''} failed: ${words.slice(-400)}`;
}
