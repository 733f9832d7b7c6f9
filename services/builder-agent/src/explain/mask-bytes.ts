import type { ByteMask } from '#libs/contracts';
import type { PrivateValue } from './private-value.js';

/** `#`: stands for each byte of a value that is not shown. */
const FILLER = 0x23;

/** Bytes that may be shown, and what was hidden in them. */
export interface MaskedBytes {
  readonly bytes: Uint8Array;
  readonly masks: readonly ByteMask[];
}

/** Gives how many bytes beside a part have to be known, so that no value is missed at its edges. */
export function maskMargin(values: readonly PrivateValue[]): number {
  return Math.max(0, ...values.map(({ value }) => Buffer.byteLength(value))) + 1;
}

/**
 * Replaces private values in `bytes` by a filler of their length, and shows what lies from `from` to
 * `to`: a value that is cut by an edge is hidden as far as it is shown. Long values first, since one
 * may hold another. A path is hidden also where more follows it, for bytes of a program have no ends
 * of words; names only where they stand alone, or every other word would hide a short one.
 */
export function maskBytes(
  bytes: Uint8Array,
  values: readonly PrivateValue[],
  from = 0,
  to = bytes.length,
): MaskedBytes {
  // One character a byte: what is searched need not be text.
  const text = Buffer.from(bytes).toString('latin1');
  const owners = new Array<string | undefined>(bytes.length);
  for (const { pattern, fact } of patternsOf(values)) {
    for (const match of text.matchAll(pattern)) {
      for (let at = match.index; at < match.index + match[0].length; at += 1) owners[at] ??= fact;
    }
  }
  const shown = Uint8Array.from(bytes.subarray(from, to));
  const masks: { offset: number; length: number; fact: string }[] = [];
  for (let at = 0; at < shown.length; at += 1) {
    const fact = owners[from + at];
    if (fact === undefined) continue;
    shown[at] = FILLER;
    const last = masks.at(-1);
    if (last?.fact === fact && last.offset + last.length === at) last.length += 1;
    else masks.push({ offset: at, length: 1, fact });
  }
  return { bytes: shown, masks };
}

function patternsOf(
  values: readonly PrivateValue[],
): readonly { readonly pattern: RegExp; readonly fact: string }[] {
  return values
    .toSorted((a, b) => b.value.length - a.value.length)
    .map(({ fact, value, kind }) => {
      const plain = Buffer.from(value)
        .toString('latin1')
        .replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
      const source = kind === 'path' ? plain : `(?<![A-Za-z0-9])${plain}(?![A-Za-z0-9])`;
      // Names of machines mean the same in capitals.
      return { pattern: new RegExp(source, kind === 'host' ? 'gi' : 'g'), fact };
    });
}
