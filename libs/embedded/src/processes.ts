import { readFile, readdir, readlink } from 'node:fs/promises';

/** Finds a process of this machine that fits a description. */
export async function findProcess(
  fits: (pid: number) => Promise<boolean>,
): Promise<number | undefined> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
  const answers = await Promise.all(pids.map(fits));
  return pids[answers.indexOf(true)];
}

/** Reads the arguments of a process; none when it is gone or not ours to read. */
export async function commandLine(pid: number): Promise<string[]> {
  try {
    return (await readFile(`/proc/${pid}/cmdline`, 'utf8')).split('\0');
  } catch {
    return [];
  }
}

/** Reads the working directory of a process; undefined when it is gone or not ours to read. */
export async function workingDirectory(pid: number): Promise<string | undefined> {
  try {
    return await readlink(`/proc/${pid}/cwd`);
  } catch {
    return undefined;
  }
}
