import type { Difference } from '../difference.js';

const RUNS_BITS = 0o6111;
const GIVES_BITS = 0o6000;
/** What is loaded into something that runs, whatever its mode. */
const LOADED = /\.(?:so(?:\.\d+)*|ko(?:\.(?:gz|xz|zst))?|efi)$/i;

/**
 * Whether a thing that only one side has can be run or loaded, or hands on rights to what is run: by
 * its mode, by its name where that says so, and any device.
 */
export function isRunnable({ kind, location, left, right }: Difference): boolean {
  if (kind === 'device') return true;
  const mode = Number.parseInt(String((left ?? right)?.['mode'] ?? 0), 8);
  if (kind === 'directory') return (mode & GIVES_BITS) !== 0;
  if (kind !== 'file' && kind !== 'hardlink') return false;
  return (mode & RUNS_BITS) !== 0 || LOADED.test(location.at(-1) ?? '');
}
