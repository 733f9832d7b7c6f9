import { sha256 } from '#libs/encoding';
import { pathText, valueText } from '#libs/manifest';
import { ImageError } from '../error.js';
import { openInode } from './file-source.js';
import { FLAG, type Inode } from './inode.js';
import { malformed } from './malformed.js';
import type { Volume } from './volume.js';
import { blockXattrs, inodeXattrs, type StoredXattr, type XattrRegion } from './xattrs.js';

/** Largest value that Linux lets anybody set. */
const MAX_VALUE_BYTES = 64 * 1024;
/** Most bytes of all values that have an inode of their own: many may name the same one. */
const MAX_LARGE_BYTES = 256 * 1024 ** 2;
/** What one member tells of its attributes; of more than that only a digest. */
const MAX_TEXT_LENGTH = 4096;
const MAX_COUNT = 64;
const MAX_BLOCKS = 1024;

/** Names and values, both as a manifest has them: `xattr.security.selinux`. */
type XattrTexts = readonly (readonly [name: string, value: string])[];

/** Reads the extended attributes of inodes. Blocks of them that inodes share are read once. */
export class XattrReader {
  private readonly blocks = new Map<number, XattrTexts>();
  private largeBytes = 0;

  constructor(private readonly volume: Volume) {}

  /** @throws ImageError MALFORMED_FILESYSTEM, TRUNCATED, TOO_LARGE */
  read(inode: Inode): XattrTexts {
    const region = inodeXattrs(inode);
    if (region === null && inode.attributeBlock === 0) return [];
    const texts = [
      ...(region === null ? [] : this.texts(region)),
      ...(inode.attributeBlock === 0 ? [] : this.block(inode.attributeBlock)),
    ];
    if (new Set(texts.map(([name]) => name)).size < texts.length) {
      throw malformed(`inode ${inode.number} has an attribute twice`);
    }
    const length = texts.reduce((sum, [name, value]) => sum + name.length + value.length, 0);
    if (texts.length <= MAX_COUNT && length <= MAX_TEXT_LENGTH) return texts;
    return [['xattrs', `sha256:${sha256(JSON.stringify(texts))}`]];
  }

  private block(number: number): XattrTexts {
    const known = this.blocks.get(number);
    if (known !== undefined) return known;
    const texts = this.texts(blockXattrs(this.volume, number));
    if (this.blocks.size >= MAX_BLOCKS) this.blocks.clear();
    this.blocks.set(number, texts);
    return texts;
  }

  private texts(region: XattrRegion): XattrTexts {
    return region.entries
      .filter((entry) => !entry.isInlineData)
      .map((entry) => [
        `xattr.${entry.prefix}${pathText(entry.name)}`,
        valueText(this.value(region, entry)),
      ]);
  }

  private value(region: XattrRegion, entry: StoredXattr): Buffer {
    if (entry.valueInode === 0) {
      return region.bytes.subarray(entry.valueAt, entry.valueAt + entry.valueBytes);
    }
    const holder = this.volume.inode(entry.valueInode);
    if (!holder.has(FLAG.EA_INODE)) throw malformed(`inode ${holder.number} holds no attribute`);
    this.largeBytes += holder.sizeBytes;
    if (holder.sizeBytes > MAX_VALUE_BYTES || this.largeBytes > MAX_LARGE_BYTES) {
      throw new ImageError('TOO_LARGE', `an attribute of ${holder.sizeBytes} bytes`);
    }
    return Buffer.from(openInode(this.volume, holder).read(0, holder.sizeBytes));
  }
}
