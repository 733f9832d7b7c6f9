import type { MachineFacts } from '../facts.js';
import { GB } from './gigabytes.js';

/** Memory for each job of a build: no public figure tells it, so it is a rule of thumb. */
export const MEMORY_FOR_A_JOB_BYTES = 2 * GB;

/**
 * Says how many jobs a build should run at a time: as many as there are processors, but no more
 * than memory has 2 GB for, and at least one. What is not known does not limit.
 */
export function jobsFor(facts: Pick<MachineFacts, 'cpu.count' | 'memory.ram'>): number {
  const { 'cpu.count': processors, 'memory.ram': ramBytes } = facts;
  const byMemory =
    typeof ramBytes === 'number' ? Math.floor(ramBytes / MEMORY_FOR_A_JOB_BYTES) : Infinity;
  const byProcessors = typeof processors === 'number' ? processors : 1;
  return Math.max(1, Math.min(byProcessors, byMemory));
}
