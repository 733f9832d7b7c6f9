import { ImageError } from '../error.js';

/** What a reader throws where a filesystem says something that cannot be. */
export function malformed(what: string): ImageError {
  return new ImageError('MALFORMED_FILESYSTEM', `${what}: the filesystem is damaged`);
}
