import type { Sha256 } from '#libs/encoding';

let compute: () => Sha256 | null = () => null;

/** Tells how the digest of the one file that this runs from is had. Its entry alone knows that file. */
export function setToolDigest(digest: () => Sha256): void {
  compute = digest;
}

/**
 * Gives the digest of the one file that this command line runs from, for what it signs; null in a
 * checkout, which is no one file. Asked at a command's start: hours later another file may have
 * taken its place.
 */
export function toolDigest(): Sha256 | null {
  return compute();
}
