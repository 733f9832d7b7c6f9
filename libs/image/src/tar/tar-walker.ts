import { createHash, type Hash } from 'node:crypto';
import type { ContentSink } from '../content-sink.js';
import { ImageError } from '../error.js';
import { MAX_EXTENDED_BYTES } from '../limits.js';
import { readRecords } from '../pax.js';
import { BLOCK_BYTES, checkHeader } from '../tar-header.js';
import { ExtendedFacts } from './extended-facts.js';
import { FIELDS } from './header-block.js';
import {
  type ExtendedHeader,
  kindOf,
  memberHead,
  sizeOf,
  type TarMemberHead,
} from './member-head.js';
import { RangeBlocks } from './range-blocks.js';
import { RangeText } from './range-text.js';
import type { SparseRanges } from './sparse-ranges.js';
import { isV7Header } from './v7-header.js';

/** Where the content of one member goes. */
export interface MemberContent extends ContentSink {
  /** Ends it; `padding` is the digest of what fills its last block, where that is not zeros. */
  end(padding: string | null): void;
}

/** What the archive is beside its members. */
export interface TarFacts {
  readonly format: 'gnu' | 'pax' | 'ustar' | 'v7';
  /** Zeros after the last member. */
  readonly trailingBytes: number;
  /** Digest over the headers that speak of all members; null where there are none. */
  readonly globalHeaders: string | null;
}

/** An extended header whose content is not whole yet. */
interface OpenHeader {
  readonly header: Omit<ExtendedHeader, 'content'>;
  readonly chunks: Buffer[];
  missing: number;
}

/** A member whose sparse map is being read: in blocks, or as text. */
interface OpenBlocks {
  readonly header: Buffer;
  readonly map: RangeBlocks;
}
interface OpenText {
  readonly header: Buffer;
  readonly map: RangeText;
  readonly facts: ExtendedFacts;
  readonly storedBytes: number;
}

interface Content {
  readonly content: MemberContent;
  readonly ranges: SparseRanges | null;
  readonly sizeBytes: number;
}

const MAX_EXTENDED_HEADERS = 16;

/**
 * Walks a tar stream, fed chunk by chunk in any cut, and gives each member with all that its headers
 * say, its content, and the holes in it. ustar, GNU, pax and v7 archives, sparse members of all kinds.
 *
 * Source: POSIX.1-2017 pax, "ustar Interchange Format"; GNU tar manual, "Basic Tar Format"
 */
export class TarWalker {
  readonly #block = Buffer.alloc(BLOCK_BYTES);
  #filled = 0;
  #trailingBytes = 0;
  #format: TarFacts['format'] | null = null;
  #globals: Hash | null = null;
  #extended: ExtendedHeader[] = [];
  #open: OpenHeader | null = null;
  #blocks: OpenBlocks | null = null;
  #text: OpenText | null = null;
  #content: Content | null = null;
  #storedBytes = 0;
  #paddingBytes = 0;
  #padding: Hash | null = null;

  /** @param onMember is told each member, and says where its content goes */
  constructor(private readonly onMember: (head: TarMemberHead) => MemberContent) {}

  /** Takes the next bytes. @throws ImageError NOT_AN_ARCHIVE, CORRUPT, BAD_MEMBER_NAME, TOO_LARGE */
  push(chunk: Buffer): void {
    for (let at = 0; at < chunk.length;) {
      const rest = chunk.subarray(at);
      if (this.#storedBytes > 0) {
        at += this.#takeContent(rest);
      } else if (this.#paddingBytes > 0) {
        at += this.#takePadding(rest);
      } else {
        const copied = rest.copy(this.#block, this.#filled);
        this.#filled += copied;
        at += copied;
        if (this.#filled === BLOCK_BYTES) {
          this.#filled = 0;
          this.#takeBlock(Buffer.from(this.#block));
        }
      }
    }
  }

  /** Says that no more comes. @throws ImageError TRUNCATED without two closing blocks of zeros */
  end(): TarFacts {
    if (this.#trailingBytes < 2 * BLOCK_BYTES || this.#filled > 0) {
      throw new ImageError('TRUNCATED', 'the archive ends before its two closing blocks of zeros');
    }
    return {
      format: this.#format ?? 'ustar',
      trailingBytes: this.#trailingBytes,
      globalHeaders: this.#globals?.digest('hex') ?? null,
    };
  }

  #takeBlock(block: Buffer): void {
    if (this.#open !== null) {
      this.#extend(this.#open, block);
    } else if (this.#blocks !== null) {
      this.#blocks.map.extend(block);
      this.#endBlocks(this.#blocks);
    } else if (this.#text !== null) {
      if (this.#text.map.take(block)) this.#endText(this.#text);
    } else if (block.every((byte) => byte === 0)) {
      if (this.#extended.length > 0) {
        throw new ImageError(
          'TRUNCATED',
          'the archive ends after a header that speaks of a member',
        );
      }
      this.#trailingBytes += BLOCK_BYTES;
    } else if (this.#trailingBytes > 0) {
      throw new ImageError('NOT_AN_ARCHIVE', 'something follows the zeros that close the archive');
    } else {
      this.#takeHeader(block);
    }
  }

  #takeHeader(block: Buffer): void {
    this.#format = this.#formatOf(block);
    const type = String.fromCharCode(block[FIELDS.type[0]] ?? 0);
    if ('LKxg'.includes(type)) {
      const missing = sizeOf(block, FIELDS.size);
      if (missing === 0 || missing > MAX_EXTENDED_BYTES) {
        throw new ImageError('CORRUPT', `an extended header has ${missing} bytes`);
      }
      if (type !== 'g' && this.#extended.length >= MAX_EXTENDED_HEADERS) {
        throw new ImageError('CORRUPT', 'a member has too many extended headers');
      }
      if (type === 'x' || type === 'g') this.#format = 'pax';
      this.#open = { header: { type, block }, chunks: [], missing };
    } else if (type === 'S') {
      this.#blocks = { header: block, map: new RangeBlocks(block) };
      this.#endBlocks(this.#blocks);
    } else {
      this.#member(block);
    }
  }

  #formatOf(block: Buffer): TarFacts['format'] {
    const known = this.#format;
    // Only an archive that begins so goes on without a magic: in others something is broken there.
    if ((known === null || known === 'v7') && isV7Header(block)) return 'v7';
    const magic = checkHeader(block);
    return known ?? (magic === 'ustar ' ? 'gnu' : 'ustar');
  }

  #extend(open: OpenHeader, block: Buffer): void {
    const bytes = block.subarray(0, Math.min(open.missing, BLOCK_BYTES));
    open.chunks.push(bytes);
    open.missing -= bytes.length;
    if (open.missing > 0) return;
    this.#open = null;
    if (block.subarray(bytes.length).some((byte) => byte !== 0)) {
      throw new ImageError('CORRUPT', 'something follows an extended header in its last block');
    }
    const content = Buffer.concat(open.chunks);
    if (open.header.type === 'g') this.#takeGlobal(open.header.block, content);
    else this.#extended.push({ ...open.header, content });
  }

  #takeGlobal(block: Buffer, content: Buffer): void {
    // It may set the same for all members; no builder of images writes one that sets more than a
    // comment, and to ignore another would misplace or misname what follows.
    if (readRecords(content).some(({ key }) => key !== 'comment')) {
      throw new ImageError('UNSUPPORTED', 'a global header sets something for all members');
    }
    this.#globals ??= createHash('sha256');
    this.#globals.update(block).update(content);
  }

  #facts(): ExtendedFacts | null {
    const [first, ...others] = this.#extended.filter(({ type }) => type === 'x');
    if (others.length > 0) throw new ImageError('CORRUPT', 'a member has two pax headers');
    return first === undefined ? null : new ExtendedFacts(readRecords(first.content));
  }

  #endBlocks({ header, map }: OpenBlocks): void {
    if (map.isOpen) return;
    this.#blocks = null;
    const facts = this.#facts();
    const storedBytes = facts?.number('size') ?? sizeOf(header, FIELDS.size);
    map.ranges.check(storedBytes, map.realBytes);
    this.#begin({ header, facts, blocks: map, ranges: map.ranges }, map.realBytes, storedBytes);
  }

  #member(header: Buffer): void {
    const facts = this.#facts();
    const isFile = kindOf(header) === 'file';
    // Only files store content: some writers give a directory or link the size of its inode.
    const storedBytes = isFile ? (facts?.number('size') ?? sizeOf(header, FIELDS.size)) : 0;
    const version = isFile ? (facts?.sparseVersion ?? null) : null;
    if (facts === null || version === null) {
      this.#begin({ header, facts, blocks: null, ranges: null }, storedBytes, storedBytes);
    } else if (version === 'pax-1.0') {
      this.#text = { header, map: new RangeText(), facts, storedBytes };
    } else {
      this.#beginSparse(header, facts, facts.ranges(), storedBytes);
    }
  }

  #endText({ header, map, facts, storedBytes }: OpenText): void {
    this.#text = null;
    this.#beginSparse(header, facts, map.ranges, storedBytes - map.bytes);
  }

  #beginSparse(header: Buffer, facts: ExtendedFacts, ranges: SparseRanges, bytes: number): void {
    const realBytes = facts.realBytes ?? -1;
    ranges.check(bytes, realBytes);
    this.#begin({ header, facts, blocks: null, ranges }, realBytes, bytes);
  }

  #begin(
    member: {
      header: Buffer;
      facts: ExtendedFacts | null;
      blocks: RangeBlocks | null;
      ranges: SparseRanges | null;
    },
    sizeBytes: number,
    storedBytes: number,
  ): void {
    const { header: block, facts, blocks, ranges } = member;
    const headers = { block, facts, blocks, extended: this.#extended };
    const content = this.onMember(memberHead(headers, sizeBytes, ranges));
    this.#extended = [];
    this.#content = { content, ranges, sizeBytes };
    this.#storedBytes = storedBytes;
    this.#paddingBytes = (BLOCK_BYTES - (storedBytes % BLOCK_BYTES)) % BLOCK_BYTES;
    if (storedBytes === 0) this.#endContent();
  }

  #takeContent(bytes: Buffer): number {
    const taken = bytes.subarray(0, Math.min(bytes.length, this.#storedBytes));
    this.#storedBytes -= taken.length;
    const { content, ranges } = this.#content ?? {};
    if (content !== undefined) {
      if (ranges == null) content.data(taken);
      else ranges.read(taken, content);
    }
    if (this.#storedBytes === 0 && this.#paddingBytes === 0) this.#endContent();
    return taken.length;
  }

  #takePadding(bytes: Buffer): number {
    const taken = bytes.subarray(0, Math.min(bytes.length, this.#paddingBytes));
    if (this.#padding !== null || taken.some((byte) => byte !== 0)) {
      this.#padding ??= createHash('sha256').update(`${this.#paddingBytes}\n`);
      this.#padding.update(taken);
    }
    this.#paddingBytes -= taken.length;
    if (this.#paddingBytes === 0) this.#endContent();
    return taken.length;
  }

  #endContent(): void {
    const { content, ranges, sizeBytes } = this.#content ?? {};
    this.#content = null;
    if (content === undefined) return;
    ranges?.end(sizeBytes ?? 0, content);
    content.end(this.#padding?.digest('hex') ?? null);
    this.#padding = null;
  }
}
