import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { constants, close as closeFile, open as openFile } from 'node:fs';
import { promisify } from 'node:util';
import { programDirectories, serverEnvironment } from './environment.js';
import { EmbeddedError } from './error.js';
import type { Identity } from './identity.js';
import { findProgram } from './program.js';

/** How a server ended: an exit code, or the signal that ended it. */
export interface ServerExit {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** One step of stopping: a signal, and how long it may take before the next step. */
export interface StopStep {
  readonly signal: NodeJS.Signals;
  readonly graceMs: number;
}

/** A server process that does not outlive the process that started it. */
export interface GuardedProcess {
  readonly pid: number;
  readonly exited: Promise<ServerExit>;
  hasEnded(): boolean;
  /** Sends the signals one after another until the process has ended. */
  stop(steps: readonly StopStep[]): Promise<void>;
}

/** What {@link startGuarded} runs, and how. */
export interface GuardedCommand {
  readonly program: string;
  readonly args: readonly string[];
  /** Runs as this user, without further groups and with no way to gain privileges. */
  readonly identity: Identity | undefined;
  /** Sent by the kernel when the caller dies, by whatever cause. */
  readonly deathSignal: 'TERM' | 'QUIT' | 'KILL';
  /** Takes standard output and error. A file, as a pipe that nobody reads would stop the server. */
  readonly logFile: string;
  /** Handed on as descriptors 3 and up. */
  readonly descriptors: readonly number[];
}

const open = promisify(openFile);
const close = promisify(closeFile);

/**
 * Starts a server that the kernel ends when its parent dies, SIGKILL included: `setpriv` asks for
 * the death signal (prctl(2), PR_SET_PDEATHSIG) after it has changed the user, since that change
 * clears it. The server gets a session of its own, so that Ctrl-C reaches its parent alone, which
 * then stops it in order.
 *
 * The signal is bound to the thread that starts the process, so start servers from the main thread.
 *
 * @throws EmbeddedError NOT_INSTALLED
 */
export async function startGuarded(command: GuardedCommand): Promise<GuardedProcess> {
  const setpriv = await findSetpriv();
  const log = await open(
    command.logFile,
    // The log lies in a directory of the server's user: following a link there would let that
    // user have root append to any file.
    constants.O_CREAT | constants.O_WRONLY | constants.O_APPEND | constants.O_NOFOLLOW,
    0o600,
  );
  try {
    const args = [...privileges(command.identity), '--pdeathsig', command.deathSignal];
    // Not execa: nothing of what it adds is wanted for a server that keeps its own log.
    const child = spawn(setpriv, [...args, '--', command.program, ...command.args], {
      cwd: '/',
      stdio: ['ignore', log, log, ...command.descriptors],
      env: serverEnvironment(),
      detached: true,
    });
    await once(child, 'spawn');
    return guard(child);
  } finally {
    await close(log);
  }
}

function guard(child: ChildProcess): GuardedProcess {
  if (child.pid === undefined) throw new TypeError('a spawned process has a number');
  const exited = new Promise<ServerExit>((resolve) => {
    child.once('exit', (exitCode, signal) => {
      resolve({ exitCode, signal });
    });
  });
  return {
    pid: child.pid,
    exited,
    hasEnded: () => child.exitCode !== null || child.signalCode !== null,
    stop: (steps) => stop(child, exited, steps),
  };
}

/** Words the arguments with which `setpriv` gives up root, or none. */
export function privileges(identity: Identity | undefined): string[] {
  if (identity === undefined) return ['--no-new-privs'];
  const { uid, gid } = identity;
  return ['--reuid', `${uid}`, '--regid', `${gid}`, '--clear-groups', '--no-new-privs'];
}

/**
 * Finds `setpriv`.
 *
 * @throws EmbeddedError NOT_INSTALLED
 */
export async function findSetpriv(): Promise<string> {
  const found = await findProgram('setpriv', programDirectories());
  if (found !== undefined) return found;
  throw new EmbeddedError(
    'NOT_INSTALLED',
    'setpriv is not installed: run "apt-get install util-linux"',
  );
}

async function stop(
  child: ChildProcess,
  exited: Promise<ServerExit>,
  steps: readonly StopStep[],
): Promise<void> {
  for (const { signal, graceMs } of steps) {
    child.kill(signal);
    if (await settlesWithin(exited, graceMs)) return;
  }
  await exited;
}

async function settlesWithin(promise: Promise<unknown>, timeoutMs: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(resolve, timeoutMs, false);
  });
  try {
    return await Promise.race([promise.then(() => true), late]);
  } finally {
    clearTimeout(timer);
  }
}
