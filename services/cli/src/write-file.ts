import { randomBytes } from 'node:crypto';
import {
  closeSync,
  fsyncSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { CommandError, EXIT } from './exit.js';
import { fileTrouble } from './file-trouble.js';

/**
 * Writes a file whole or not at all: a reader, a crash or a full disk never meets half of it. An
 * older file of that name is replaced, unless it is one of `inputs`: a slip of the hand must not
 * turn a private key into an attestation.
 *
 * All calls are synchronous, so an interruption falls before or after, never in between.
 *
 * @throws CommandError usage
 */
export function writeWhole(
  path: string,
  text: string | Uint8Array,
  inputs: readonly string[],
): void {
  draft(path, text, inputs, renameSync);
}

/**
 * Makes sure that {@link writeWhole} could write a file now, and changes nothing: before hours of
 * work whose result is to be written there.
 *
 * @throws CommandError usage
 */
export function requireTarget(path: string, inputs: readonly string[]): void {
  draft(path, '', inputs, (file) => {
    rmSync(file);
  });
}

function draft(
  path: string,
  text: string | Uint8Array,
  inputs: readonly string[],
  finish: (draft: string, target: string) => void,
): void {
  const target = resolved(path);
  if (inputs.some((input) => resolved(input) === target)) {
    throw new CommandError(EXIT.usage, `${path} is read by this command: write to another file`);
  }
  if (statSync(target, { throwIfNoEntry: false })?.isFile() === false) {
    throw new CommandError(EXIT.usage, `cannot write ${path}: it is no ordinary file`);
  }
  // Hidden, so that who reads the folder meanwhile passes it over.
  const name = `.${basename(target)}.${randomBytes(6).toString('hex')}.draft`;
  const file = join(dirname(target), name);
  try {
    writeNew(file, text, 0o644);
    finish(file, target);
  } catch (cause) {
    rmSync(file, { force: true });
    throw new CommandError(EXIT.usage, `cannot write ${path}: ${fileTrouble(cause)}`, null, {
      cause,
    });
  }
}

/**
 * Writes a file that must not exist yet; on failure there is none.
 *
 * @throws NodeJS.ErrnoException EEXIST, or the machine's own refusal
 */
export function writeNew(path: string, text: string | Uint8Array, mode: number): void {
  const file = openSync(path, 'wx', mode);
  try {
    writeFileSync(file, text);
    fsyncSync(file);
  } catch (error) {
    rmSync(path, { force: true });
    throw error;
  } finally {
    closeSync(file);
  }
}

/** The file behind a name: a link is followed, and a new file stands in its folder's true place. */
function resolved(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    // Not there yet.
  }
  try {
    return join(realpathSync(dirname(path)), basename(path));
  } catch {
    return path;
  }
}
