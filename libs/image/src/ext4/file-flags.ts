import { FLAG } from './inode.js';

/** Flags that say how an inode is stored, and not how it behaves. */
export const STRUCTURAL_FLAGS =
  FLAG.INDEX | FLAG.HUGE_FILE | FLAG.EXTENTS | FLAG.EA_INODE | FLAG.EOFBLOCKS | FLAG.INLINE_DATA;

/** Letters of lsattr, by bit. */
const LETTERS: Readonly<Record<number, string>> = {
  0: 's',
  1: 'u',
  2: 'c',
  3: 'S',
  4: 'i',
  5: 'a',
  6: 'd',
  7: 'A',
  14: 'j',
  15: 't',
  16: 'D',
  17: 'T',
  20: 'V',
  25: 'x',
  29: 'P',
  30: 'F',
};

/**
 * Writes what flags an inode has beside the structural ones: letters as lsattr has them, and `+` with
 * eight hexadecimal digits for bits that have no letter. Empty for none.
 */
export function flagsText(flags: number): string {
  let text = '';
  let unknown = 0;
  for (let bit = 0; bit < 32; bit += 1) {
    const mask = 1 << bit;
    if ((flags & mask & ~STRUCTURAL_FLAGS) === 0) continue;
    const letter = LETTERS[bit];
    if (letter === undefined) unknown |= mask;
    else text += letter;
  }
  return unknown === 0 ? text : `${text}+${(unknown >>> 0).toString(16).padStart(8, '0')}`;
}
