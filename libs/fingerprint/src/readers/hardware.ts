import { availableParallelism } from 'node:os';
import type { MachineFacts } from '../facts.js';
import { parseCpuinfo } from '../parsers/cpuinfo.js';
import { parseMeminfo } from '../parsers/meminfo.js';
import type { Looking } from '../request.js';
import { readText } from './file.js';

type HardwareFacts = Pick<MachineFacts, 'memory.ram' | 'memory.swap' | 'cpu.count' | 'cpu.model'>;

/** Reads memory and processors. */
export async function readHardware({ timeoutMs }: Looking): Promise<HardwareFacts> {
  const [meminfo, cpuinfo] = await Promise.all([
    readText('/proc/meminfo', timeoutMs),
    readText('/proc/cpuinfo', timeoutMs),
  ]);
  const { ramBytes, swapBytes } = parseMeminfo(meminfo ?? '');
  return {
    'memory.ram': ramBytes,
    'memory.swap': swapBytes,
    // What a build may use, which in a container or under taskset is less than what is there.
    'cpu.count': availableParallelism(),
    'cpu.model': parseCpuinfo(cpuinfo ?? '').model,
  };
}
