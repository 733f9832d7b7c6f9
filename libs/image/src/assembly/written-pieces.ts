/** One mebibyte of bits: a sparse file may claim any size, and costs nothing to send. */
const MAX_PIECES = 8 * 1024 ** 2;

/** Remembers which pieces of a file were written: a bit for each of the first eight million. */
export class WrittenPieces {
  #bits = new Uint8Array(64);

  /** How far into a file it remembers. */
  readonly reachBytes: number;

  constructor(private readonly pieceBytes: number) {
    this.reachBytes = MAX_PIECES * pieceBytes;
  }

  add(offset: number, lengthBytes: number): void {
    if (lengthBytes === 0) return;
    const end = Math.min(MAX_PIECES, Math.ceil((offset + lengthBytes) / this.pieceBytes));
    const first = Math.floor(offset / this.pieceBytes);
    if (first >= end) return;
    while (end > this.#bits.length * 8) {
      const larger = new Uint8Array(this.#bits.length * 2);
      larger.set(this.#bits);
      this.#bits = larger;
    }
    for (let piece = first; piece < end; piece += 1) {
      this.#bits[piece >>> 3] = (this.#bits[piece >>> 3] ?? 0) | (1 << (piece & 7));
    }
  }

  /** Bytes of a range that were not written; past what it remembers, all of them. */
  unwritten(offset: number, lengthBytes: number): number {
    const end = offset + lengthBytes;
    let bytes = Math.max(0, end - Math.max(offset, this.reachBytes));
    for (let at = offset; at < end && at < this.reachBytes;) {
      const next = Math.min(end, (Math.floor(at / this.pieceBytes) + 1) * this.pieceBytes);
      if (!this.isAny(at, next - at)) bytes += next - at;
      at = next;
    }
    return bytes;
  }

  /** Whether any byte of a range may lie in a piece that was written. */
  isAny(offset: number, lengthBytes: number): boolean {
    const end = Math.ceil((offset + lengthBytes) / this.pieceBytes);
    if (end > MAX_PIECES) return true;
    for (let piece = Math.floor(offset / this.pieceBytes); piece < end; piece += 1) {
      if (((this.#bits[piece >>> 3] ?? 0) >>> (piece & 7)) & 1) return true;
    }
    return false;
  }
}
