import { quote } from '#libs/encoding';
import { pathText } from '#libs/manifest';
import { ImageError } from '../error.js';
import { MAX_NAME_BYTES } from '../limits.js';

/** The path of a filesystem's root directory. */
export const ROOT_PATH = '.';

const PLAIN = /^[ !-.0-[\]-~]+$/;

/**
 * Makes the path of a name in a directory.
 *
 * @throws ImageError BAD_MEMBER_NAME for a name that is empty, has a slash or a NUL, or makes a path of
 * more than 4096 bytes, escapes counted as written
 */
export function memberPath(directory: string, name: Buffer): string {
  let text = name.toString('latin1');
  if (!PLAIN.test(text)) {
    // A slash would make it a path that another name may have, or one that leaves the directory.
    if (name.length === 0 || name.includes(0x2f) || name.includes(0)) {
      throw new ImageError('BAD_MEMBER_NAME', `a name in ${quote(directory)} is none`);
    }
    text = pathText(name);
  }
  const path = directory === ROOT_PATH ? text : `${directory}/${text}`;
  // A character has three bytes at most.
  if (path.length * 3 > MAX_NAME_BYTES && Buffer.byteLength(path) > MAX_NAME_BYTES) {
    throw new ImageError(
      'BAD_MEMBER_NAME',
      `a path in ${quote(directory)} is longer than ${MAX_NAME_BYTES} bytes`,
    );
  }
  return path;
}
