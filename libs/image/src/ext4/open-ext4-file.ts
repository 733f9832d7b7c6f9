import { quote } from '#libs/encoding';
import type { ByteSource } from '../byte-source.js';
import { ImageError } from '../error.js';

/**
 * Finds a file by its path as in a manifest, and gives its bytes.
 *
 * @throws ImageError MEMBER_MISSING
 */
export function openExt4File(_source: ByteSource, path: string): ByteSource {
  throw new ImageError('MEMBER_MISSING', `no file ${quote(path)} is in the filesystem`);
}
