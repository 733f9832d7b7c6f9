import { EXIT } from '../exit.js';
import { printData, printJson, say } from '../terminal.js';
import { fillRoom, reserveRoom, writeSecret } from './secret-file.js';

/** How a secret is told. */
export interface Telling<T> {
  /** New file for it; undefined for stdout. */
  readonly out: string | undefined;
  /** All of it as JSON, instead of its text. */
  readonly isJson: boolean;
  readonly text: (made: T) => string;
  /** What was made, and the command that takes it back: said where it could be told to nobody. */
  readonly lost: (made: T) => string;
}

/**
 * Has a secret made, and tells it this once: alone on stdout, or in a new file of its owner alone. What
 * could be told to nobody is good nevertheless: then it is said how to take it back.
 *
 * @throws CommandError usage where the file exists or has no room, before anything is made, and where
 *   what was made could not be written into it; what `make` throws
 */
export async function tellOnce<T>(make: () => Promise<T>, telling: Telling<T>): Promise<T> {
  const { out, isJson, text, lost } = telling;
  if (out !== undefined) {
    return writeSecret(out, async (file) => {
      reserveRoom(file, out);
      const made = await make();
      const secret = `${isJson ? JSON.stringify(made, null, 2) : text(made)}\n`;
      fillRoom(file, out, secret, () => lost(made));
      return made;
    });
  }
  const made = await make();
  const onLost = (): void => {
    process.exitCode = EXIT.usage;
    say(lost(made));
  };
  if (isJson) printJson(made, onLost);
  else printData(text(made), onLost);
  return made;
}
