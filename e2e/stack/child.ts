import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';

/** A program of the stack, running. */
export interface Child {
  readonly pid: number;
  /** Resolves with the first line of stderr that matches; rejects when the program ends before. */
  line(pattern: RegExp): Promise<RegExpExecArray>;
  /** Ends it in order and waits; after ten seconds it is killed. */
  stop(): Promise<void>;
  /** Ends it as a power cut would, and waits. */
  kill(): Promise<void>;
  readonly isRunning: boolean;
  /** Resolves once it has ended, with its exit code; null where a signal ended it. */
  readonly ended: Promise<number | null>;
}

const STOP_TIMEOUT_MS = 10_000;
const running = new Set<ChildProcess>();

// A program that ends for whatever reason takes its children along.
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/** Starts a program with its output in a log file. */
export function startChild(
  file: string,
  args: readonly string[],
  options: { readonly env: NodeJS.ProcessEnv; readonly logPath: string; readonly cwd?: string },
): Child {
  const child = spawn(file, args, {
    env: options.env,
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(options.cwd !== undefined && { cwd: options.cwd }),
  });
  running.add(child);
  const log = createWriteStream(options.logPath, { flags: 'a' });
  child.stdout.pipe(log, { end: false });
  const lines: string[] = [];
  const waiting = new Set<(line: string) => void>();
  createInterface({ input: child.stderr }).on('line', (line) => {
    log.write(`${line}\n`);
    lines.push(line);
    for (const take of waiting) take(line);
  });
  const ended = once(child, 'exit').then(() => {
    running.delete(child);
    return child.exitCode;
  });
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill(signal);
    const timer = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
    await ended;
    clearTimeout(timer);
  };
  return {
    pid: child.pid ?? -1,
    ended,
    get isRunning() {
      return child.exitCode === null && child.signalCode === null;
    },
    line: (pattern) =>
      new Promise((resolve, reject) => {
        const take = (line: string): void => {
          const match = pattern.exec(line);
          if (match === null) return;
          waiting.delete(take);
          resolve(match);
        };
        waiting.add(take);
        for (const line of lines) take(line);
        void ended.then(() => {
          reject(
            new Error(`${file} ended before ${pattern.source}: ${lines.slice(-15).join('\n')}`),
          );
        });
      }),
    stop: () => end('SIGTERM'),
    kill: () => end('SIGKILL'),
  };
}
