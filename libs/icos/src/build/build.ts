import { BuildLog } from './build-log.js';
import { IdleWatch } from './idle-watch.js';
import { runProcess } from './run-process.js';

/** What to run, where, and when to give up. */
export interface BuildRequest {
  readonly worktree: string;
  /** Command line of the commit's era; a relative program is looked for in the worktree. */
  readonly command: readonly [string, ...string[]];
  /** The build's whole environment, such as {@link buildEnvironment} gives. */
  readonly env: Readonly<Record<string, string>>;
  /** Takes standard output and error; replaced when it exists. */
  readonly logPath: string;
  /** Most bytes of the log; default 256 MiB. */
  readonly maxLogBytes?: number;
  /** Longest time without output and without change in the folders; default 30 minutes. */
  readonly idleTimeoutMs?: number;
  /** Folders whose change is progress, the worktree always among them. */
  readonly progressFolders?: readonly string[];
  /** Time that the build gets to end by itself when it is stopped; default 10 seconds. */
  readonly graceMs?: number;
  readonly signal?: AbortSignal;
  /** Told the bytes of output so far. */
  readonly onOutput?: (outputBytes: number) => void;
}

/** How a build ended. Anything but exit code 0 is a failure, and a value, not an exception. */
export interface BuildEnd {
  readonly exitCode: number | null;
  readonly signal: string | null;
  readonly durationMs: number;
  /** It was stopped because it made no progress. */
  readonly idle: boolean;
  /** It was stopped because the caller's signal aborted. */
  readonly interrupted: boolean;
  /** The last 64 KiB of output as text, without terminal controls. */
  readonly logTail: string;
}

const DEFAULT_MAX_LOG_BYTES = 256 * 1024 ** 2;
const DEFAULT_IDLE_TIMEOUT_MS = 30 * 60_000;
const DEFAULT_GRACE_MS = 10_000;

/**
 * Runs a build: without a shell, without input, with nothing in its environment but what is given,
 * in a session of its own. When it ends, by itself or not, everything it started is ended as well;
 * only a process that left both session and parent within two seconds escapes, as a container engine's
 * monitor may, whose container gets the engine's own SIGTERM instead.
 *
 * @throws IcosError NOT_STARTED when the program is missing or not executable, or the log cannot
 * be made
 */
export async function runBuild(request: BuildRequest): Promise<BuildEnd> {
  const { worktree, command, env, graceMs = DEFAULT_GRACE_MS } = request;
  const log = await BuildLog.create(request.logPath, request.maxLogBytes ?? DEFAULT_MAX_LOG_BYTES);
  const idle = new IdleWatch(request.idleTimeoutMs ?? DEFAULT_IDLE_TIMEOUT_MS, [
    worktree,
    ...(request.progressFolders ?? []),
  ]);
  let outputBytes = 0;
  const take = async (chunk: Buffer): Promise<void> => {
    idle.touch();
    outputBytes += chunk.length;
    request.onOutput?.(outputBytes);
    await log.write(chunk);
  };
  const signal = AbortSignal.any([idle.signal, ...(request.signal ? [request.signal] : [])]);
  try {
    const end = await runProcess({
      ...{ command, cwd: worktree, env, signal, graceMs },
      onStdout: take,
      onStderr: take,
    });
    return {
      ...end,
      idle: idle.signal.aborted,
      interrupted: request.signal?.aborted === true && !idle.signal.aborted,
      logTail: log.lastWords,
    };
  } finally {
    idle.stop();
    await log.close();
  }
}
