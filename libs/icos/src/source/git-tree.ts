/** What a tree object says of one name. */
export interface TreeEntry {
  /** `other` is a link, or a commit of another repository. */
  readonly kind: 'file' | 'folder' | 'other';
  /** Git's id of the object, 40 hex. */
  readonly id: string;
}

const ID_BYTES = 20;

/**
 * Finds a name in the bytes of a tree object; null when it is not there.
 *
 * Source: git's Documentation/user-manual, "Object storage format": `mode SP name NUL id` each
 */
export function findEntry(tree: Buffer, name: string): TreeEntry | null {
  const wanted = Buffer.from(name);
  for (let offset = 0; offset < tree.length;) {
    const space = tree.indexOf(' ', offset);
    const end = tree.indexOf('\0', space + 1);
    if (space < 0 || end < 0) return null;
    if (tree.subarray(space + 1, end).equals(wanted)) {
      const mode = Number.parseInt(tree.toString('latin1', offset, space), 8);
      return { kind: kindOf(mode), id: tree.toString('hex', end + 1, end + 1 + ID_BYTES) };
    }
    offset = end + 1 + ID_BYTES;
  }
  return null;
}

/** The type bits of a mode, as in inode(7). */
function kindOf(mode: number): TreeEntry['kind'] {
  const type = mode & 0o170000;
  if (type === 0o100000) return 'file';
  return type === 0o040000 ? 'folder' : 'other';
}
