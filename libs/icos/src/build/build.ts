import type { Confinement } from '../isolation/confinement.js';
import { LimitWatch } from '../isolation/limit-watch.js';
import { hits, type LimitClass, type LimitHit } from '../isolation/limits.js';
import { openConfines } from '../isolation/open-confines.js';
import { measureProcesses } from '../isolation/user-processes.js';
import { BuildLog } from './build-log.js';
import { IdleWatch } from './idle-watch.js';
import type { ProcessFamily } from './process-family.js';
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
  /** More folders that the build writes to: what they take counts against limits. */
  readonly otherFolders?: readonly string[];
  /** Time that the build gets to end by itself when it is stopped; default 10 seconds. */
  readonly graceMs?: number;
  /** Who runs it, and what it may use; default as whoever runs this, and everything. */
  readonly confinement?: Confinement;
  /** Takes from it what programs with a set-uid bit give; only with a user of its own. */
  readonly noNewPrivileges?: boolean;
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
  /** The limit that it ran into, for which it was stopped; null if none. */
  readonly limit: LimitHit | null;
  /** The last 64 KiB of output as text, without terminal controls. */
  readonly logTail: string;
}

const DEFAULT_MAX_LOG_BYTES = 256 * 1024 ** 2;
const DEFAULT_IDLE_TIMEOUT_MS = 30 * 60_000;
const DEFAULT_GRACE_MS = 10_000;
const NOT_CONFINED: Confinement = { user: null, rootWay: null, limits: {}, groupName: null };
/** Limits after which a build gets no time: it would use it to go on. */
const AT_ONCE: ReadonlySet<LimitClass> = new Set([
  ...(['too-many-processes', 'out-of-memory', 'disk-limit', 'out-of-space', 'log-limit'] as const),
]);
/** Enough for a container's engine to pass the end on; a build without one gets none. */
const SHORT_GRACE_MS = 2_000;

/**
 * Runs a build: without a shell, without input, with nothing in its environment but what is given,
 * in a session of its own. When it ends, by itself or not, everything it started is ended as well.
 * With a user of its own nothing escapes but what became root; without, a process that left both
 * session and parent within two seconds does, as a container engine's monitor may, whose container
 * gets the engine's own SIGTERM instead.
 *
 * @throws IcosError NOT_STARTED when the program is missing or not executable, or the log cannot
 * be made
 */
export async function runBuild(request: BuildRequest): Promise<BuildEnd> {
  const { worktree, env, graceMs = DEFAULT_GRACE_MS, noNewPrivileges = false } = request;
  const confinement = request.confinement ?? NOT_CONFINED;
  const { limits, user } = confinement;
  const folders = [worktree, ...(request.progressFolders ?? [])];
  const log = await BuildLog.create(request.logPath, request.maxLogBytes ?? DEFAULT_MAX_LOG_BYTES);
  const idle = new IdleWatch(request.idleTimeoutMs ?? DEFAULT_IDLE_TIMEOUT_MS, folders);
  const confines = await openConfines(confinement, noNewPrivileges);
  let family: ProcessFamily | null = null;
  const processes = async (): ReturnType<typeof measureProcesses> =>
    measureProcesses(((await family?.look()) ?? []).map(({ pid }) => pid));
  const watch = new LimitWatch({
    ...{ limits, user, group: confines.group, processes },
    folders: [...folders, ...(request.otherFolders ?? [])],
  });
  let outputBytes = 0;
  const take = async (chunk: Buffer): Promise<void> => {
    idle.touch();
    outputBytes += chunk.length;
    request.onOutput?.(outputBytes);
    const { outputBytes: most } = limits;
    if (most !== undefined && outputBytes > most) watch.report(hits.output(most));
    await log.write(chunk);
  };
  const outer = request.signal ? [request.signal] : [];
  const signal = AbortSignal.any([idle.signal, watch.signal, ...outer]);
  try {
    const end = await runProcess({
      ...{ command: confines.wrap(request.command), cwd: worktree, env, signal },
      graceMs: () => {
        if (watch.hit === null || !AT_ONCE.has(watch.hit.class)) return graceMs;
        return noNewPrivileges ? 0 : Math.min(graceMs, SHORT_GRACE_MS);
      },
      ...(confines.marks !== null && { marks: confines.marks }),
      onFamily: (started) => {
        family = started;
      },
      onStdout: take,
      onStderr: take,
    });
    await watch.stop(end.exitCode !== 0);
    const isInterrupted = request.signal?.aborted === true;
    return {
      ...end,
      idle: idle.signal.aborted,
      interrupted: isInterrupted && !idle.signal.aborted && watch.hit === null,
      limit: watch.hit,
      logTail: log.lastWords,
    };
  } finally {
    idle.stop();
    await watch.stop(false);
    await confines.close();
    await log.close();
  }
}
