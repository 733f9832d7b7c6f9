import { parseLines } from './key-value.js';

/** What /proc/cpuinfo says of the first processor. */
export interface Cpu {
  readonly model: string | null;
  /** Whether a hypervisor announces itself; `null` on architectures that have no such flag. */
  readonly hypervisor: boolean | null;
}

/** Reads the text of /proc/cpuinfo. */
export function parseCpuinfo(text: string): Cpu {
  const values = parseLines(text, ':');
  const flags = values.get('flags');
  return {
    model: values.get('model name') ?? values.get('Model') ?? null,
    hypervisor: flags === undefined ? null : flags.split(' ').includes('hypervisor'),
  };
}
