import { writeFileSync } from 'node:fs';
import { printData, printJson } from '../terminal.js';
import { writeSecret } from './secret-file.js';

/** How a secret is told. */
export interface Telling<T> {
  /** New file for it; undefined for stdout. */
  readonly out: string | undefined;
  /** All of it as JSON, instead of its text. */
  readonly isJson: boolean;
  readonly text: (made: T) => string;
}

/**
 * Has a secret made, and tells it this once: alone on stdout, or in a new file of its owner alone.
 *
 * @throws CommandError usage where the file exists, before anything is made; what `make` throws
 */
export async function tellOnce<T>(
  make: () => Promise<T>,
  { out, isJson, text }: Telling<T>,
): Promise<T> {
  if (out === undefined) {
    const made = await make();
    if (isJson) printJson(made);
    else printData(text(made));
    return made;
  }
  return writeSecret(out, async (file) => {
    const made = await make();
    writeFileSync(file, `${isJson ? JSON.stringify(made, null, 2) : text(made)}\n`);
    return made;
  });
}
