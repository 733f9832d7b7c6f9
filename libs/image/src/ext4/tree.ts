import { quote } from '#libs/encoding';
import { OrderDigest } from '#libs/manifest';
import { ImageError } from '../error.js';
import { readDirectory } from './directory.js';
import type { Inode } from './inode.js';
import type { Ext4Limits } from './limits.js';
import { malformed } from './malformed.js';
import { memberPath, ROOT_PATH } from './member-path.js';
import type { Volume } from './volume.js';
import type { MapVisitor } from './block-map.js';

/** Number of the root directory's inode. */
export const ROOT_INODE = 2;
/** Type of a directory in an entry; 0 where the filesystem does not say types there. */
const TYPE_UNKNOWN = 0;
const TYPE_DIRECTORY = 2;

/** All names of a filesystem. */
export interface Tree {
  /** By inode: its path, or all of its paths. */
  readonly paths: Map<number, string | string[]>;
  /** By inode: in which order the directory's names are stored. */
  readonly orders: Map<number, string>;
}

/** Told the blocks that a directory has. */
export interface TreeVisitor {
  directory(inode: Inode): MapVisitor & { block(number: number, bytes: Buffer): void };
}

/**
 * Walks all directories from the root. Yields after each, so that the caller can do other things.
 *
 * Bounds: a directory has one name, and a block one owner, so no tree leads back into itself.
 *
 * @throws ImageError MALFORMED_FILESYSTEM, BAD_MEMBER_NAME, TOO_MANY_MEMBERS, TRUNCATED, TOO_LARGE
 */
export function* walkTree(
  volume: Volume,
  limits: Ext4Limits,
  visitor: TreeVisitor,
): Generator<null, Tree> {
  const tree: Tree = { paths: new Map([[ROOT_INODE, ROOT_PATH]]), orders: new Map() };
  const waiting: { inode: number; path: string }[] = [{ inode: ROOT_INODE, path: ROOT_PATH }];
  let count = 1;
  for (;;) {
    const next = waiting.pop();
    if (next === undefined) return tree;
    const { path } = next;
    if (tree.orders.has(next.inode)) throw malformed(`directory ${quote(path)} has another name`);
    const directory = volume.inode(next.inode);
    const order = new OrderDigest();
    const names = new Set<string>();
    readDirectory(volume, directory, {
      ...visitor.directory(directory),
      entry: (inode, name, fileType) => {
        count += 1;
        if (count > limits.maxMembers) {
          throw new ImageError('TOO_MANY_MEMBERS', `more than ${limits.maxMembers} names`);
        }
        const child = memberPath(path, name);
        if (names.has(child)) throw malformed(`the name ${quote(child)} is there twice`);
        names.add(child);
        order.add(name);
        addPath(tree, inode, child);
        if (isDirectory(volume, inode, fileType)) waiting.push({ inode, path: child });
      },
    });
    tree.orders.set(next.inode, order.value());
    yield null;
  }
}

/** Whether the entry is right is seen when its inode is read: here it saves looking at every inode. */
function isDirectory(volume: Volume, inode: number, fileType: number): boolean {
  if (fileType !== TYPE_UNKNOWN) return fileType === TYPE_DIRECTORY;
  return volume.inode(inode).kind === 'directory';
}

function addPath(tree: Tree, inode: number, path: string): void {
  const known = tree.paths.get(inode);
  if (known === undefined) tree.paths.set(inode, path);
  else if (typeof known === 'string') tree.paths.set(inode, [known, path]);
  else known.push(path);
}
