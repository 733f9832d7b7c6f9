import { readFile } from 'node:fs/promises';

type Command = readonly [string, ...string[]];

/**
 * Puts a limit of processors before a command, for machines whose memory does not suffice for as
 * many compilers as they have processors. The commit's script takes no such option; affinity is
 * inherited by everything it starts.
 */
export async function limitCpus(command: Command, maxCpus: number | undefined): Promise<Command> {
  if (maxCpus === undefined) return command;
  const allowed = parseCpuList(await allowedCpus());
  if (allowed.length <= maxCpus) return command;
  return ['taskset', '--cpu-list', allowed.slice(0, maxCpus).join(','), ...command];
}

/** Reads a list such as `0-3,8`; empty for anything else. */
export function parseCpuList(text: string): readonly number[] {
  if (!/^\d{1,5}(?:-\d{1,5})?(?:,\d{1,5}(?:-\d{1,5})?)*$/.test(text)) return [];
  return text.split(',').flatMap((range) => {
    const [first = 0, last = first] = range.split('-').map(Number);
    return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => first + index);
  });
}

/** What this process may use, which a container or a service limit may have narrowed. */
async function allowedCpus(): Promise<string> {
  const status = await readFile('/proc/self/status', 'utf8').catch(() => '');
  return /^Cpus_allowed_list:\s*(\S+)$/m.exec(status)?.[1] ?? '';
}
