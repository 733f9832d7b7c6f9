import { parseLines } from './key-value.js';

/** Main memory and swap in bytes; `null` where the text does not say. */
export interface Memory {
  readonly ramBytes: number | null;
  readonly swapBytes: number | null;
}

/** Reads the text of /proc/meminfo. */
export function parseMeminfo(text: string): Memory {
  const values = parseLines(text, ':');
  return {
    ramBytes: kibibytes(values.get('MemTotal')),
    swapBytes: kibibytes(values.get('SwapTotal')),
  };
}

function kibibytes(value: string | undefined): number | null {
  const [, digits] = /^(\d{1,12}) kB$/.exec(value ?? '') ?? [];
  return digits === undefined ? null : Number(digits) * 1024;
}
