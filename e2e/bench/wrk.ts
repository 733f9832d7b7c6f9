import { execa } from 'execa';

/** Whether wrk is there, which leaves more of the processors to what answers than any load in Node. */
export async function hasWrk(): Promise<boolean> {
  // It ends with 1 even where it was only asked for its version; what cannot be started has no code at all.
  return (await execa('wrk', ['--version'], { reject: false })).exitCode !== undefined;
}

/**
 * Asks one origin on kept connections from one thread, by wrk (Debian's package, 4.1), for whole seconds; gives what
 * it printed. Whether answers were good is in there.
 */
export async function runWrk(
  connections: number,
  seconds: number,
  more: readonly string[],
): Promise<string> {
  const size = ['--threads', '1', '--connections', `${connections}`, '--duration', `${seconds}s`];
  return (await execa('wrk', [...size, ...more])).stdout;
}
