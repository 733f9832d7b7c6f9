import type { Attributes } from '#libs/manifest';
import type { ByteSource } from '../byte-source.js';
import { ImageError } from '../error.js';
import type { Ext4Limits } from './limits.js';
import type { Ext4Member } from './member.js';

/** What to do with each member, and where to stop. */
export interface Ext4Reading {
  /** Told each member, waited for where it returns a promise. */
  readonly onMember: (member: Ext4Member) => void | Promise<void>;
  readonly limits?: Partial<Ext4Limits>;
  readonly signal?: AbortSignal;
}

/** What a filesystem is beside its members. */
export interface Ext4Contents {
  /** Those of the container in a manifest: header fields, `layout`, `rest`. */
  readonly attributes: Attributes;
  /** How many members were told. */
  readonly count: number;
}

/** Tells whether a source begins as an ext2, ext3 or ext4 filesystem does. Reads 2 bytes. */
export function isExt4(source: ByteSource): boolean {
  return source.sizeBytes >= 2048 && source.read(1080, 2).readUInt16LE() === 0xef53;
}

export async function readExt4(_source: ByteSource, _reading: Ext4Reading): Promise<Ext4Contents> {
  await Promise.resolve();
  throw new ImageError('UNSUPPORTED', 'not yet');
}
