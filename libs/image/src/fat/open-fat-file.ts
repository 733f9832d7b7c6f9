import { quote } from '#libs/encoding';
import type { ByteSource } from '../byte-source.js';
import { ImageError } from '../error.js';
import { readFat } from './read-fat.js';

/** FAT has no more than 2^16 names in a directory; an EFI partition has some dozens in all. */
const MAX_MEMBERS = 1_000_000;

/**
 * Finds a file by its path as in a manifest, and gives its bytes.
 *
 * @throws ImageError MEMBER_MISSING; otherwise as `readFat`
 */
export async function openFatFile(source: ByteSource, path: string): Promise<ByteSource> {
  const found: ByteSource[] = [];
  await readFat(source, {
    maxMembers: MAX_MEMBERS,
    isHashed: false,
    onMember: (member) => {
      if (member.path === path && member.kind === 'file') found.push(member.open());
    },
  });
  if (found[0] !== undefined) return found[0];
  throw new ImageError('MEMBER_MISSING', `no file ${quote(path)} is in the filesystem`);
}
