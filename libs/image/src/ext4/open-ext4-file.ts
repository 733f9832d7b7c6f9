import { quote } from '#libs/encoding';
import type { ByteSource } from '../byte-source.js';
import { ImageError } from '../error.js';
import { readDirectory } from './directory.js';
import { openInode } from './file-source.js';
import { FLAG, type Inode } from './inode.js';
import { malformed } from './malformed.js';
import { memberPath, ROOT_PATH } from './member-path.js';
import { ROOT_INODE } from './tree.js';
import { Volume } from './volume.js';

/**
 * Finds a file by its path as in a manifest, and gives its bytes, holes as zeros. Only the directories on
 * the way are read. What is no regular file has no bytes: a link is not followed.
 *
 * @throws ImageError MEMBER_MISSING; otherwise as `readExt4`
 */
export function openExt4File(source: ByteSource, path: string): ByteSource {
  const volume = new Volume(source);
  let inode = volume.inode(ROOT_INODE);
  let walked = ROOT_PATH;
  for (const part of path.split('/')) {
    const next = walked === ROOT_PATH ? part : `${walked}/${part}`;
    inode = childOf(volume, inode, walked, next) ?? missing(path);
    walked = next;
  }
  if (inode.kind !== 'file') missing(path);
  if (inode.has(FLAG.ENCRYPT)) throw new ImageError('UNSUPPORTED', `${quote(path)} is encrypted`);
  return openInode(volume, inode);
}

function childOf(
  volume: Volume,
  directory: Inode,
  path: string,
  wanted: string,
): Inode | undefined {
  if (directory.kind !== 'directory') return undefined;
  let found = 0;
  const seen = new Set<number>();
  readDirectory(volume, directory, {
    mapping: (block) => {
      if (seen.has(block)) throw malformed(`directory ${directory.number} leads to itself`);
      seen.add(block);
    },
    entry: (inode, name) => {
      if (memberPath(path, name) === wanted) found = inode;
    },
  });
  return found === 0 ? undefined : volume.inode(found);
}

function missing(path: string): never {
  throw new ImageError('MEMBER_MISSING', `no file ${quote(path)} is in the filesystem`);
}
