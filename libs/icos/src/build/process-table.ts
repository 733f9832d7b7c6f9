import { readdir, readFile } from 'node:fs/promises';

/** One process, as far as its place in the family goes. */
export interface ProcessFacts {
  readonly pid: number;
  readonly parent: number;
  readonly group: number;
  readonly session: number;
  /** Start time in clock ticks since boot: with the pid it names a process for ever. */
  readonly startTicks: string;
}

/**
 * Lists the processes that run now, zombies left out.
 * Source: proc_pid_stat(5)
 */
export async function listProcesses(): Promise<readonly ProcessFacts[]> {
  const entries = await readdir('/proc');
  const pids = entries.filter((entry) => /^[1-9][0-9]*$/.test(entry));
  const found = await Promise.all(pids.map(readProcess));
  return found.filter((one) => one !== null);
}

async function readProcess(pid: string): Promise<ProcessFacts | null> {
  // Processes end while they are being listed.
  const text = await readFile(`/proc/${pid}/stat`, 'latin1').catch(() => '');
  // The name, in parentheses, is chosen by the process and may hold anything, ") " included.
  const fields = text.slice(text.lastIndexOf(') ') + 2).split(' ');
  const [state, parent, group, session] = fields;
  const startTicks = fields[19];
  if (startTicks === undefined || state === 'Z' || state === 'X') return null;
  return {
    pid: Number(pid),
    parent: Number(parent),
    group: Number(group),
    session: Number(session),
    startTicks,
  };
}
