/** The largest number that a length, a count or a field id of candid can be. */
const MAX_NAT32 = 0xffff_ffff;

/** Thrown inside this lib only; who reads a message says what kind of message was malformed. */
export class CandidError extends Error {
  override readonly name = 'CandidError';
}

/** Reads candid's primitives from bytes, never past the end and in their shortest form only. */
export class Cursor {
  readonly #bytes: Uint8Array;
  #offset = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get remaining(): number {
    return this.#bytes.length - this.#offset;
  }

  byte(): number {
    const byte = this.#bytes[this.#offset];
    if (byte === undefined) throw new CandidError('it ends early');
    this.#offset += 1;
    return byte;
  }

  take(length: number): Uint8Array {
    if (length > this.remaining) throw new CandidError('it ends early');
    const start = this.#offset;
    this.#offset += length;
    return this.#bytes.slice(start, this.#offset);
  }

  /** Reads an unsigned LEB128 number below 2^32. */
  nat(): number {
    const [value, length] = this.#leb128();
    if (value > MAX_NAT32) throw new CandidError('it has a number that is out of range');
    // A longer form of the same number would give one payload several byte strings.
    if (length > 1 && value < 2 ** (7 * (length - 1))) throw notShortest();
    return value;
  }

  /** Reads a signed LEB128 number: a type's opcode or its index. */
  int(): number {
    const [unsigned, length] = this.#leb128();
    const value = unsigned < 2 ** (7 * length - 1) ? unsigned : unsigned - 2 ** (7 * length);
    const half = 2 ** (7 * (length - 1) - 1);
    if (length > 1 && value >= -half && value < half) throw notShortest();
    return value;
  }

  #leb128(): [value: number, length: number] {
    let value = 0;
    for (let length = 1; length <= 5; length += 1) {
      const byte = this.byte();
      value += (byte & 0x7f) * 2 ** (7 * (length - 1));
      if (byte < 0x80) return [value, length];
    }
    throw new CandidError('it has a number that is out of range');
  }
}

function notShortest(): CandidError {
  return new CandidError('it has a number that is not in its shortest form');
}
