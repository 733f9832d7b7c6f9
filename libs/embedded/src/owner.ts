import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isMissing } from './error.js';

const OWNER_FILE = 'owner';

/** Notes in a data directory that this process is the one whose death ends the server. */
export async function claim(dataDir: string): Promise<void> {
  const path = join(dataDir, OWNER_FILE);
  await rm(path, { force: true });
  // Never through a link that the server's user may have put there.
  await writeFile(path, `${process.pid} ${(await startTime(process.pid)) ?? ''}\n`, {
    flag: 'wx',
    mode: 0o600,
  });
}

/**
 * Tells the process that claimed a data directory last, if it is still alive. If it is, a server
 * found there will stay; if not, the server is about to end.
 */
export async function livingOwner(dataDir: string): Promise<number | undefined> {
  let noted: string;
  try {
    noted = await readFile(join(dataDir, OWNER_FILE), 'utf8');
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
  const [pid = '', started] = noted.trim().split(' ');
  if (!/^\d+$/.test(pid) || started === undefined) return undefined;
  // The time tells a process from a later one with the same number.
  return (await startTime(Number(pid))) === started ? Number(pid) : undefined;
}

/**
 * Reads when a process started, in clock ticks since the machine did.
 *
 * Source: proc(5), /proc/pid/stat, field 22
 */
async function startTime(pid: number): Promise<string | undefined> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
    // The second field is a name in parentheses that may itself hold spaces and parentheses.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return undefined;
  }
}
