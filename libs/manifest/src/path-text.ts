import { isPrintable } from './printable.js';

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * Writes the bytes of a file's name as text. Names are bytes and may be anything: what is not UTF-8,
 * what a terminal would act on, and the backslash come out as `\xNN`, two lower-case digits for each
 * byte. Different bytes therefore have different texts.
 */
export function pathText(bytes: Uint8Array): string {
  const whole = decode(bytes);
  if (whole !== null && !whole.includes('\\') && isPrintable(whole)) return whole;
  let text = '';
  for (let at = 0; at < bytes.length;) {
    const length = characterLength(bytes[at] ?? 0);
    const character = decode(bytes.subarray(at, at + length));
    if (character === null || character === '\\' || !isPrintable(character)) {
      text += escapeByte(bytes[at] ?? 0);
      at += 1;
    } else {
      text += character;
      at += length;
    }
  }
  return text;
}

function decode(bytes: Uint8Array): string | null {
  try {
    return decoder.decode(bytes);
  } catch {
    return null;
  }
}

function characterLength(first: number): number {
  return first < 0xc0 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
}

function escapeByte(byte: number): string {
  return `\\x${byte.toString(16).padStart(2, '0')}`;
}
