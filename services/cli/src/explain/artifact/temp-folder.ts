import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CommandError, EXIT } from '../../exit.js';
import { fileTrouble } from '../../file-trouble.js';

/**
 * Makes a folder for this run, which goes with the process: also where it is interrupted.
 *
 * @throws CommandError usage
 */
export function tempFolder(below: string | undefined): { path: string; remove: () => void } {
  const parent = below ?? tmpdir();
  let path: string;
  try {
    path = mkdtempSync(join(parent, 'repro-quorum-explain-'));
  } catch (cause) {
    throw new CommandError(
      EXIT.usage,
      `cannot make a folder in ${parent}: ${fileTrouble(cause)}`,
      'name another one with --temp-dir',
      { cause },
    );
  }
  const remove = (): void => {
    rmSync(path, { recursive: true, force: true });
    process.off('exit', remove);
  };
  process.on('exit', remove);
  return { path, remove };
}
