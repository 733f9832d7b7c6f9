import { FILE_NAMES } from './image-pair.js';

/**
 * Tells which files of an image pair a text names, each once.
 *
 * @throws Error where these are not the one file that differs: whoever is fast and wrong is not fast
 */
export function checkNamed(text: string, path: string): void {
  const named = [...new Set(text.match(FILE_NAMES))];
  if (named.length === 1 && named[0] === path) return;
  const found = named.length === 0 ? 'no file' : named.slice(0, 4).join(', ');
  throw new Error(`diffoscope names ${found}, expected ${path} alone to differ`);
}
