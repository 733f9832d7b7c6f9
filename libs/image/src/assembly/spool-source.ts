import { type ByteSource, checkRange } from '../byte-source.js';
import { ForgottenBytes, type PassedFiles } from '../passed-files.js';
import type { WrittenPieces } from './written-pieces.js';

/** A spool that lies on disk, without what it was told to forget. */
export class SpoolSource implements ByteSource {
  readonly sizeBytes: number;

  constructor(
    private readonly file: ByteSource,
    private readonly pieces: { readonly written: WrittenPieces; readonly forgotten: WrittenPieces },
    /** Bytes of holes that it was given, wherever: what is not written may also be zeros that came. */
    private readonly givenHoleBytes: number,
    private readonly passedAt?: (offset: number) => PassedFiles | undefined,
  ) {
    this.sizeBytes = file.sizeBytes;
  }

  /** @throws ForgottenBytes where they are not kept: never are they read as zeros */
  read(offset: number, length: number): Buffer {
    checkRange(this, offset, length);
    if (this.isKept(offset, length)) return this.file.read(offset, length);
    throw new ForgottenBytes(`${length} bytes at ${offset} are not kept`);
  }

  isKept(offset: number, length: number): boolean {
    const { forgotten } = this.pieces;
    // Beyond what can be remembered nothing is forgotten.
    const reach = Math.min(length, forgotten.reachBytes - offset);
    return reach <= 0 || !forgotten.isAny(offset, reach);
  }

  isHole(offset: number, length: number): boolean {
    const { written, forgotten } = this.pieces;
    const isWithin = offset + length <= this.sizeBytes;
    return isWithin && !written.isAny(offset, length) && !forgotten.isAny(offset, length);
  }

  holeBytes(offset: number, length: number): number {
    if (this.givenHoleBytes === 0) return 0;
    return Math.min(this.givenHoleBytes, this.pieces.written.unwritten(offset, length));
  }

  passed(offset: number): PassedFiles | undefined {
    return this.passedAt?.(offset);
  }
}
