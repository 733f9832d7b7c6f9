import { sha256 } from '#libs/encoding';

/** The digits, root first, by which a path is found among a container's members. */
export function trieKey(path: string): string {
  return sha256(path);
}
