import { closeSync, fsyncSync, ftruncateSync, openSync, rmSync, writeSync } from 'node:fs';
import { CommandError, EXIT } from '../exit.js';
import { fileTrouble } from '../file-trouble.js';

/** Room for a secret and what is told with it, as bytes. */
const ROOM_BYTES = 4096;

/**
 * Makes a new file that its owner alone can read, and has a secret written into it that is told once.
 * The file is there before the secret is: one that could be kept nowhere would be lost. Where `fill`
 * throws, or the program ends amid it, there is no file.
 *
 * @throws CommandError usage, above all where the file exists; what `fill` throws
 */
export async function writeSecret<T>(path: string, fill: (file: number) => Promise<T>): Promise<T> {
  const file = create(path);
  const drop = (): void => {
    rmSync(path, { force: true });
  };
  process.once('exit', drop);
  try {
    const filled = await fill(file);
    fsyncSync(file);
    return filled;
  } catch (error) {
    drop();
    throw error;
  } finally {
    process.removeListener('exit', drop);
    closeSync(file);
  }
}

/**
 * Takes up room in a file of {@link writeSecret}: on a full disk that fails while there is no secret yet.
 *
 * @throws CommandError usage
 */
export function reserveRoom(file: number, path: string): void {
  try {
    writeSync(file, Buffer.alloc(ROOM_BYTES), 0, ROOM_BYTES, 0);
    fsyncSync(file);
  } catch (cause) {
    const message = `cannot write ${path}: ${fileTrouble(cause)}`;
    throw new CommandError(EXIT.usage, message, 'no secret was made for it', { cause });
  }
}

/**
 * Puts a secret into the room that was taken up for it.
 *
 * @param lost what is to be done where it could not be kept
 * @throws CommandError usage
 */
export function fillRoom(file: number, path: string, secret: string, lost: () => string): void {
  try {
    const bytes = Buffer.from(secret);
    let written = 0;
    while (written < bytes.length) written += writeSync(file, bytes, written, null, written);
    ftruncateSync(file, bytes.length);
  } catch (cause) {
    const message = `cannot write ${path}: ${fileTrouble(cause)}`;
    throw new CommandError(EXIT.usage, message, lost(), { cause });
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
