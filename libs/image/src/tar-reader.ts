import { ImageError } from './error.js';
import { MAX_EXTENDED_BYTES } from './limits.js';
import { memberName } from './member-name.js';
import { type PaxFacts, readPax } from './pax.js';
import { SparseMap } from './sparse-map.js';
import { BLOCK_BYTES, decodeHeader, decodeName, type TarHeader } from './tar-header.js';

/** One member of an archive. */
export interface TarMember {
  readonly name: string;
  /** Whether it is a regular file, sparse or not. */
  readonly isFile: boolean;
  /** Bytes of the file, holes included. */
  readonly sizeBytes: number;
  /** Bytes that the archive holds of it. */
  readonly storedBytes: number;
}

const EXTENDED = new Set(['L', 'K', 'x', 'g']);
const FILES = new Set(['0', '7', 'S']);

/**
 * Walks a tar stream, fed chunk by chunk in any cut, and reports each member as its header ends.
 *
 * tar-stream is not used here: it does not know GNU sparse members, ends without complaint where
 * the closing blocks are missing, and reads on after them.
 */
export class TarReader {
  private readonly block = Buffer.alloc(BLOCK_BYTES);
  private filled = 0;
  private skipBytes = 0;
  private zeroBlocks = 0;
  private sparse: { header: TarHeader; map: SparseMap } | null = null;
  private extended: { type: string; chunks: Buffer[]; missing: number } | null = null;
  private facts: PaxFacts = {};
  private longName: string | null = null;

  constructor(private readonly onMember: (member: TarMember) => void) {}

  /**
   * Takes the next bytes.
   *
   * @throws ImageError NOT_AN_ARCHIVE, CORRUPT, BAD_MEMBER_NAME, TOO_LARGE
   */
  push(chunk: Buffer): void {
    for (let at = 0; at < chunk.length;) {
      if (this.skipBytes > 0) {
        const skipped = Math.min(this.skipBytes, chunk.length - at);
        this.skipBytes -= skipped;
        at += skipped;
        continue;
      }
      const copied = chunk.copy(this.block, this.filled, at);
      this.filled += copied;
      at += copied;
      if (this.filled === BLOCK_BYTES) {
        this.filled = 0;
        this.takeBlock(this.block);
      }
    }
  }

  /**
   * Says that no more bytes come.
   *
   * @throws ImageError TRUNCATED unless the archive was closed by two zero blocks
   */
  end(): void {
    if (this.zeroBlocks < 2 || this.filled > 0) {
      throw new ImageError('TRUNCATED', 'the archive ends before its two closing blocks of zeros');
    }
  }

  private takeBlock(block: Buffer): void {
    if (this.extended !== null) {
      this.extend(this.extended, block);
    } else if (this.sparse !== null) {
      this.sparse.map.extend(block);
      this.endSparse(this.sparse);
    } else if (block.every((byte) => byte === 0)) {
      this.zeroBlocks += 1;
    } else if (this.zeroBlocks > 0) {
      throw new ImageError('NOT_AN_ARCHIVE', 'something follows the zeros that close the archive');
    } else {
      this.takeHeader(decodeHeader(block), block);
    }
  }

  private takeHeader(header: TarHeader, block: Buffer): void {
    if (EXTENDED.has(header.type)) {
      if (header.storedBytes === 0 || header.storedBytes > MAX_EXTENDED_BYTES) {
        throw new ImageError('CORRUPT', `an extended header has ${header.storedBytes} bytes`);
      }
      this.extended = { type: header.type, chunks: [], missing: header.storedBytes };
    } else if (header.type === 'S') {
      this.sparse = { header, map: new SparseMap(block) };
      this.endSparse(this.sparse);
    } else {
      this.member(header, header.storedBytes);
    }
  }

  private extend(part: { type: string; chunks: Buffer[]; missing: number }, block: Buffer): void {
    const bytes = Buffer.from(block.subarray(0, Math.min(part.missing, BLOCK_BYTES)));
    part.chunks.push(bytes);
    part.missing -= bytes.length;
    if (part.missing > 0) return;
    this.extended = null;
    const content = Buffer.concat(part.chunks);
    if (part.type === 'x') this.facts = readPax(content);
    if (part.type === 'L') {
      const end = content.indexOf(0);
      this.longName = decodeName(end === -1 ? content : content.subarray(0, end));
    }
    // A global header may set the same keys for all members; no builder of images writes one
    // with a size or a name, and to ignore such a one would misplace every header after it.
    if (part.type === 'g' && Object.keys(readPax(content)).length > 0) {
      throw new ImageError('CORRUPT', 'a global header sets the name or size of all members');
    }
  }

  private endSparse({ header, map }: { header: TarHeader; map: SparseMap }): void {
    if (map.isExtended) return;
    this.sparse = null;
    map.check(this.facts.storedBytes ?? header.storedBytes);
    this.member(header, map.realBytes);
  }

  private member(header: TarHeader, sizeBytes: number): void {
    // Only files store content: some writers give a directory or link the size of its inode.
    const isFile = FILES.has(header.type);
    const isLinkOrFolder = /^[1-6]$/.test(header.type);
    const storedBytes = isLinkOrFolder ? 0 : (this.facts.storedBytes ?? header.storedBytes);
    this.skipBytes = Math.ceil(storedBytes / BLOCK_BYTES) * BLOCK_BYTES;
    this.onMember({
      name: memberName(this.facts.name ?? this.longName ?? header.name),
      isFile,
      sizeBytes: isFile
        ? (this.facts.realBytes ?? (header.type === 'S' ? sizeBytes : storedBytes))
        : 0,
      storedBytes,
    });
    this.facts = {};
    this.longName = null;
  }
}
