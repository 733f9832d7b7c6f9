import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { quote } from '#libs/encoding';
import { execa } from 'execa';
import { IcosError } from '../error.js';
import { ProcessFamily, type FamilyMarks } from './process-family.js';

/** Takes a piece of output; waited for, so that a slow reader slows the writer down. */
export type OutputSink = (chunk: Buffer) => Promise<void> | void;

/** A program to run without a shell, without input and with nothing but the given environment. */
export interface ProcessRequest {
  readonly command: readonly [string, ...string[]];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** Ends the program, and all that it started, when it aborts. */
  readonly signal: AbortSignal;
  /** Time between SIGTERM and SIGKILL, in milliseconds; asked for when it begins. */
  readonly graceMs: number | (() => number);
  /** By what else than its descent all that it starts is known. */
  readonly marks?: FamilyMarks;
  /** Told, right after the start, by whom the program's processes can be looked for. */
  readonly onFamily?: (family: ProcessFamily) => void;
  readonly onStdout: OutputSink;
  readonly onStderr: OutputSink;
}

/** How a program ended: by itself with an exit code, or by a signal. */
export interface ProcessEnd {
  readonly exitCode: number | null;
  readonly signal: string | null;
  readonly durationMs: number;
}

const LOOK_INTERVAL_MS = 2_000;
const DRAIN_TIMEOUT_MS = 5_000;

/**
 * Runs a program as leader of its own session, and leaves nothing of it behind: when it has ended,
 * by itself or by the signal, whatever it started is ended too.
 *
 * @throws IcosError NOT_STARTED; and whatever a sink throws, after the program was ended
 */
export async function runProcess(request: ProcessRequest): Promise<ProcessEnd> {
  const [file, ...args] = request.command;
  const startedAt = performance.now();
  const child = execa(file, args, {
    cwd: request.cwd,
    env: request.env,
    extendEnv: false,
    // A session of its own, ended as well when this process ends in order.
    killDescendants: true,
    cleanup: true,
    stdin: 'ignore',
    stdout: 'pipe',
    stderr: 'pipe',
    buffer: false,
    reject: false,
  });
  if (child.pid === undefined) {
    const failure = await child;
    const reason = failure.originalMessage ?? 'no reason given';
    throw new IcosError('NOT_STARTED', `cannot start ${quote(file)}: ${reason}`, {
      cause: failure.cause,
    });
  }
  const family = new ProcessFamily(child.pid, request.marks ?? null);
  request.onFamily?.(family);
  const looking = setInterval(() => {
    family.look().catch(() => undefined);
  }, LOOK_INTERVAL_MS);
  const ending = endOnAbort(family, request);
  try {
    const exited = once(child.nodeChildProcess, 'exit') as Promise<[number | null, string | null]>;
    const output = [pump(child.stdout, request.onStdout), pump(child.stderr, request.onStderr)];
    // Exit, not the end of output: what the program left running may hold its pipes open.
    const failed = Promise.all(output).then(async () => exited);
    await Promise.race([exited, failed]).finally(async () => {
      await (ending.promise ?? family.end(graceOf(request)));
    });
    // Someone out of reach may hold them still.
    await Promise.race([Promise.all(output), delay(DRAIN_TIMEOUT_MS, undefined, { ref: false })]);
    const [exitCode, signal] = await exited;
    return { exitCode, signal, durationMs: Math.round(performance.now() - startedAt) };
  } finally {
    ending.stop();
    clearInterval(looking);
    child.stdout.destroy();
    child.stderr.destroy();
  }
}

/** Ends the family once the signal aborts; `promise` is there from then on. */
function endOnAbort(
  family: ProcessFamily,
  request: ProcessRequest,
): { promise?: Promise<void>; readonly stop: () => void } {
  const { signal } = request;
  const end = (): void => {
    ending.promise = family.end(graceOf(request));
  };
  const ending: { promise?: Promise<void>; stop: () => void } = {
    stop: () => {
      signal.removeEventListener('abort', end);
    },
  };
  if (signal.aborted) end();
  else signal.addEventListener('abort', end, { once: true });
  return ending;
}

function graceOf({ graceMs }: ProcessRequest): number {
  return typeof graceMs === 'number' ? graceMs : graceMs();
}

async function pump(stream: Readable, sink: OutputSink): Promise<void> {
  for await (const chunk of stream as AsyncIterable<Buffer>) await sink(chunk);
}
