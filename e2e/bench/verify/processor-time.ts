import { readFileSync } from 'node:fs';

const TICKS_PER_SECOND = 100;

/**
 * Seconds that ended children of this process have computed, and theirs in turn.
 *
 * Source: proc_pid_stat(5), fields 16 and 17
 */
export function processorSeconds(): number {
  // The second field is a name, which may hold anything; the third begins after it.
  const fields = readFileSync('/proc/self/stat', 'latin1').split(') ').at(-1)?.split(' ') ?? [];
  return (Number(fields[13]) + Number(fields[14])) / TICKS_PER_SECOND;
}
