import type { Sha256 } from '#libs/encoding';

/**
 * What is known of the files of a filesystem that was hashed while it streamed by, by the number of
 * their inode. Their bytes are in no source any more.
 */
export interface PassedFiles {
  /** Undefined for a file whose bytes were kept. */
  digestOf(inode: number): Sha256 | undefined;
  /** The bytes between a file's end and that of its last block, where they are not zeros. */
  slackOf(inode: number): Buffer | undefined;
}

/** Says that bytes are needed which were let go: whoever let them go has to begin anew and keep all. */
export class ForgottenBytes extends Error {
  override readonly name = 'ForgottenBytes';
}
