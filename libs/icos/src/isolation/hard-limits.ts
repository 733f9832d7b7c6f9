import { readFile } from 'node:fs/promises';

/** What this process may not give more of than it has itself, not even as root in a container. */
export interface HardLimits {
  readonly processes: number;
  readonly openFiles: number;
}

/** Reads this process's own hard limits. Source: proc_pid_limits(5) */
export async function readHardLimits(): Promise<HardLimits> {
  const text = await readFile('/proc/self/limits', 'latin1').catch(() => '');
  return {
    processes: hardLimitIn(text, 'Max processes'),
    openFiles: hardLimitIn(text, 'Max open files'),
  };
}

function hardLimitIn(text: string, name: string): number {
  const hard = new RegExp(`^${name} +\\S+ +(\\d+)`, 'm').exec(text)?.[1];
  return hard === undefined ? Infinity : Number(hard);
}
