import { readFile } from 'node:fs/promises';
import type { OwnedProcess } from './user-processes.js';

/**
 * Adds up what processes have in memory, with what they share counted once. Slow: the kernel walks through
 * all of it.
 * Source: kernel.org filesystems/proc.rst, smaps_rollup
 */
export async function provenBytes(processes: readonly OwnedProcess[]): Promise<number> {
  let sum = 0;
  for (const { pid, residentBytes } of processes) {
    const text = await readFile(`/proc/${pid}/smaps_rollup`, 'latin1').catch(() => '');
    const proven = /^Pss:\s+(\d+)/m.exec(text)?.[1];
    // Not every root may look into other users' memory, such as that of a service with few rights.
    sum += proven === undefined ? residentBytes : Number(proven) * 1024;
  }
  return sum;
}
