import { ImageError } from './error.js';
import { MAX_ZSTD_FRAMES } from './limits.js';

const FRAME_MAGIC = 0xfd2fb528;
const SKIPPABLE_MAGIC = 0x184d2a50;
const DICTIONARY_ID_BYTES = [0, 1, 2, 4];
const CONTENT_SIZE_BYTES = [0, 2, 4, 8];
const RLE_BLOCK = 1;
const RESERVED_BLOCK = 3;

/** A run of bytes of one compressed frame; `isLast` marks the frame's end. */
export interface FramePart {
  readonly bytes: Buffer;
  readonly isLast: boolean;
}

/** What the first frame says of itself; how parallel compressors cut shows in the number of frames. */
export interface ZstdFacts {
  /** Frames of content, and skippable ones. */
  readonly frames: number;
  readonly skippableFrames: number;
  /** Bytes that a decompressor must keep; null where the frame is kept whole. */
  readonly windowBytes: number | null;
  /** Bytes that the frame says it holds; null where it does not say, as of a stream. */
  readonly contentBytes: bigint | null;
  readonly hasChecksum: boolean;
}

type Step =
  | 'magic'
  | 'descriptor'
  | 'header'
  | 'block-header'
  | 'block'
  | 'checksum'
  | 'skippable-size'
  | 'skippable';

/**
 * Finds the frames of a zstd file by its structure, without decompressing.
 *
 * Node's decompressor stops after the first frame and calls that the end, whatever follows: a
 * second frame (parallel compressors write many), a cut one, or garbage. So the frames are told
 * apart here and decompressed one by one. Skippable frames are dropped.
 *
 * Source: RFC 8878 sections 3.1.1 and 3.1.2
 */
export class ZstdFrames {
  private step: Step = 'magic';
  private missing = 4;
  private readonly field = Buffer.alloc(16);
  private filled = 0;
  private hasChecksum = false;
  private isLastBlock = false;
  private isSkippable = false;
  private frames = 0;
  private skippableFrames = 0;
  private descriptor = 0;
  private first: Pick<ZstdFacts, 'windowBytes' | 'contentBytes' | 'hasChecksum'> | null = null;

  /**
   * Takes the next bytes of the file and returns the parts of frames among them.
   *
   * @throws ImageError NOT_AN_ARCHIVE, CORRUPT, TOO_LARGE
   */
  push(chunk: Buffer): FramePart[] {
    const parts: FramePart[] = [];
    let from = 0;
    for (let at = 0; at < chunk.length;) {
      const isMagic = this.step === 'magic';
      at += this.take(chunk.subarray(at));
      if (this.missing > 0) break;
      const isLast = this.advance();
      // A magic may be cut by the chunk, and only whole it tells whether its bytes are wanted.
      if (isMagic && !this.isSkippable) {
        parts.push({ bytes: Buffer.from(this.field.subarray(0, 4)), isLast: false });
      }
      if (isLast && !this.isSkippable) parts.push({ bytes: chunk.subarray(from, at), isLast });
      if (isMagic || isLast) from = at;
    }
    if (this.step !== 'magic' && !this.isSkippable && from < chunk.length) {
      parts.push({ bytes: chunk.subarray(from), isLast: false });
    }
    return parts;
  }

  /** What was found out so far. */
  facts(): ZstdFacts {
    return {
      frames: this.frames - this.skippableFrames,
      skippableFrames: this.skippableFrames,
      windowBytes: this.first?.windowBytes ?? null,
      contentBytes: this.first?.contentBytes ?? null,
      hasChecksum: this.first?.hasChecksum ?? false,
    };
  }

  /**
   * Says that no more bytes come.
   *
   * @throws ImageError TRUNCATED unless the last frame is complete
   */
  end(): void {
    if (this.frames === 0 || this.step !== 'magic' || this.missing < 4) {
      throw new ImageError('TRUNCATED', 'the zstd file ends in the middle of a frame');
    }
  }

  private take(bytes: Buffer): number {
    const taken = Math.min(this.missing, bytes.length);
    if (this.step !== 'block' && this.step !== 'skippable') {
      this.filled += bytes.copy(this.field, this.filled, 0, taken);
    }
    this.missing -= taken;
    return taken;
  }

  private expect(step: Step, bytes: number): boolean {
    this.step = step;
    this.missing = bytes;
    this.filled = 0;
    return bytes === 0 ? this.advance() : false;
  }

  /** Goes to the next step; returns whether a frame ended. */
  private advance(): boolean {
    switch (this.step) {
      case 'magic':
        return this.beginFrame(this.field.readUInt32LE(0));
      case 'descriptor':
        return this.expect('header', this.headerBytes(this.field.readUInt8(0)));
      case 'header':
        this.first ??= this.readHeader();
        return this.expect('block-header', 3);
      case 'block-header':
        return this.beginBlock(this.field.readUIntLE(0, 3));
      case 'block':
        if (!this.isLastBlock) return this.expect('block-header', 3);
        return this.hasChecksum ? this.expect('checksum', 4) : this.endFrame();
      case 'skippable-size':
        return this.expect('skippable', this.field.readUInt32LE(0));
      case 'checksum':
      case 'skippable':
        return this.endFrame();
    }
  }

  private beginFrame(magic: number): boolean {
    this.isSkippable = (magic & 0xfffffff0) >>> 0 === SKIPPABLE_MAGIC;
    if (!this.isSkippable && magic !== FRAME_MAGIC) {
      const what = this.frames === 0 ? 'the file is not zstd' : 'something follows the last frame';
      throw new ImageError('NOT_AN_ARCHIVE', `${what}: found ${this.field.toString('hex', 0, 4)}`);
    }
    this.frames += 1;
    if (this.frames > MAX_ZSTD_FRAMES) {
      throw new ImageError('TOO_LARGE', `the zstd file has more than ${MAX_ZSTD_FRAMES} frames`);
    }
    if (this.isSkippable) this.skippableFrames += 1;
    return this.isSkippable ? this.expect('skippable-size', 4) : this.expect('descriptor', 1);
  }

  private headerBytes(descriptor: number): number {
    this.descriptor = descriptor;
    const isSingleSegment = (descriptor & 0x20) !== 0;
    const contentSize = CONTENT_SIZE_BYTES[descriptor >> 6] ?? 0;
    this.hasChecksum = (descriptor & 0x04) !== 0;
    const dictionaryId = DICTIONARY_ID_BYTES[descriptor & 0x03] ?? 0;
    return dictionaryId + (isSingleSegment ? Math.max(contentSize, 1) : contentSize + 1);
  }

  /** Source: RFC 8878 section 3.1.1.1 */
  private readHeader(): NonNullable<ZstdFrames['first']> {
    const isSingleSegment = (this.descriptor & 0x20) !== 0;
    const sizeFlag = this.descriptor >> 6;
    const bytes = isSingleSegment && sizeFlag === 0 ? 1 : (CONTENT_SIZE_BYTES[sizeFlag] ?? 0);
    const at = (isSingleSegment ? 0 : 1) + (DICTIONARY_ID_BYTES[this.descriptor & 0x03] ?? 0);
    const [window, size] = [this.field.readUInt8(0), Buffer.alloc(8)];
    this.field.copy(size, 0, at, at + bytes);
    const base = 2 ** (10 + (window >> 3));
    return {
      windowBytes: isSingleSegment ? null : base + (base / 8) * (window & 0x07),
      contentBytes: bytes === 0 ? null : size.readBigUInt64LE() + (bytes === 2 ? 256n : 0n),
      hasChecksum: this.hasChecksum,
    };
  }

  private beginBlock(header: number): boolean {
    const type = (header >> 1) & 0x03;
    if (type === RESERVED_BLOCK) {
      throw new ImageError('CORRUPT', 'the zstd file has a block of an unknown type');
    }
    this.isLastBlock = (header & 0x01) !== 0;
    return this.expect('block', type === RLE_BLOCK ? 1 : header >> 3);
  }

  private endFrame(): boolean {
    this.expect('magic', 4);
    return true;
  }
}
