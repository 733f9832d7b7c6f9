import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { WorldError } from './error.js';

/**
 * Finds the checkout's root: the nearest folder upwards that has a package.json. Scripts and data
 * of the world are read from there, as the compiled code stands elsewhere and carries none of them.
 *
 * @throws WorldError NO_PROJECT_ROOT
 */
export function projectRoot(from: string = import.meta.dirname): string {
  if (existsSync(join(from, 'package.json'))) return from;
  const parent = dirname(from);
  if (parent === from) {
    throw new WorldError(
      'NO_PROJECT_ROOT',
      'no package.json above this file: run from the checkout',
    );
  }
  return projectRoot(parent);
}
