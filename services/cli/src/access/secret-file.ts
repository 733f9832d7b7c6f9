import { closeSync, fsyncSync, openSync, rmSync } from 'node:fs';
import { CommandError, EXIT } from '../exit.js';
import { fileTrouble } from '../file-trouble.js';

/**
 * Makes a new file that its owner alone can read, and has a secret written into it that is told once.
 * The file is there before the secret is: one that could be kept nowhere would be lost. Where `fill`
 * throws there is no file.
 *
 * @throws CommandError usage, above all where the file exists; what `fill` throws
 */
export async function writeSecret<T>(path: string, fill: (file: number) => Promise<T>): Promise<T> {
  const file = create(path);
  try {
    const filled = await fill(file);
    fsyncSync(file);
    return filled;
  } catch (error) {
    rmSync(path, { force: true });
    throw error;
  } finally {
    closeSync(file);
  }
}

function create(path: string): number {
  try {
    return openSync(path, 'wx', 0o600);
  } catch (cause) {
    const isThere = cause instanceof Error && 'code' in cause && cause.code === 'EEXIST';
    throw new CommandError(
      EXIT.usage,
      `cannot write ${path}: ${fileTrouble(cause)}`,
      isThere ? 'a secret is never overwritten: name another file, or move the old one away' : null,
      { cause },
    );
  }
}
