import { ImageError } from '../error.js';

/** The refusal of a filesystem that contradicts itself. */
export function malformed(why: string): ImageError {
  return new ImageError('MALFORMED_FILESYSTEM', `the FAT filesystem ${why}`);
}
