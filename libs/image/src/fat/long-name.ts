import { pathText } from '#libs/manifest';
import { shortNameSum } from './entry.js';

const LAST = 0x40;
/** Where the 13 characters of one part lie. */
const CHARACTERS = [1, 3, 5, 7, 9, 14, 16, 18, 20, 22, 24, 28, 30];
const MAX_PARTS = 20;

/** The parts of a long name, which stand before their short entry, the last part first. */
export class LongName {
  #parts: Buffer[] = [];

  /** Takes a part. */
  add(raw: Buffer): void {
    if ((raw.readUInt8(0) & LAST) !== 0) this.#parts = [];
    this.#parts.push(raw);
  }

  /** Parts that no short entry has claimed, and forgets them. */
  orphans(): Buffer[] {
    const parts = this.#parts;
    this.#parts = [];
    return parts;
  }

  /** The name that belongs to a short entry; null where there is none in order. Forgets the parts. */
  claim(short: Buffer): { readonly name: string } | { readonly orphans: Buffer[] } {
    const parts = this.orphans();
    const sum = shortNameSum(short);
    const isWhole =
      parts.length > 0 &&
      parts.length <= MAX_PARTS &&
      parts.every((part, at) => {
        const order = parts.length - at + (at === 0 ? LAST : 0);
        const isPlain = part.readUInt8(12) === 0 && part.readUInt16LE(26) === 0;
        return part.readUInt8(0) === order && part.readUInt8(13) === sum && isPlain;
      });
    const name = isWhole ? decode(parts.toReversed()) : null;
    return name === null ? { orphans: parts } : { name };
  }
}

/** Characters up to the first zero, behind which all ones have to stand. */
function decode(parts: readonly Buffer[]): string | null {
  const units = parts.flatMap((part) => CHARACTERS.map((at) => part.readUInt16LE(at)));
  const end = units.indexOf(0);
  const isPadded = end === -1 || units.slice(end + 1).every((unit) => unit === 0xffff);
  const length = end === -1 ? units.length : end;
  if (!isPadded || length === 0 || Math.ceil(length / CHARACTERS.length) !== parts.length)
    return null;
  const bytes = Buffer.alloc(length * 2);
  for (let at = 0; at < length; at += 1) bytes.writeUInt16LE(units[at] ?? 0, at * 2);
  const text = bytes.toString('utf16le');
  return text.isWellFormed() ? pathText(Buffer.from(text)) : null;
}
