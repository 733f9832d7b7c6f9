import { readdir, readFile } from 'node:fs/promises';

/** One process, as far as it tells to which build it belongs. */
export interface ProcessFacts {
  readonly pid: number;
  readonly parent: number;
  readonly session: number;
}

/**
 * Lists the processes that run now, zombies left out.
 * Source: proc_pid_stat(5)
 */
export async function listProcesses(): Promise<readonly ProcessFacts[]> {
  const entries = await readdir('/proc').catch(() => []);
  const pids = entries.filter((entry) => /^[1-9][0-9]*$/.test(entry));
  const found = await Promise.all(pids.map(readProcess));
  return found.filter((one) => one !== null);
}

/**
 * Tells whether a process began its life with this line, such as `NAME=value`, in its environment.
 * False for another user's processes, whose environment is theirs alone.
 * Source: proc_pid_environ(5)
 */
export async function beganWith(pid: number, line: string): Promise<boolean> {
  const text = await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '');
  return text.split('\0').includes(line);
}

async function readProcess(pid: string): Promise<ProcessFacts | null> {
  // Processes end while they are being listed.
  const text = await readFile(`/proc/${pid}/stat`, 'latin1').catch(() => '');
  // The name, in parentheses, is chosen by the process and may hold anything, ") " included.
  const [state, parent, , session] = text.slice(text.lastIndexOf(') ') + 2).split(' ');
  if (session === undefined || state === 'Z' || state === 'X') return null;
  return { pid: Number(pid), parent: Number(parent), session: Number(session) };
}
