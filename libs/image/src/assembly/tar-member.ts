import { quote } from '#libs/encoding';
import { ImageError } from '../error.js';
import { TarWalker } from '../tar/tar-walker.js';
import { UniquePaths } from '../tar/unique-paths.js';
import type { Spool, Spooled } from './spool.js';

/**
 * Walks an archive up to one member, and keeps the content of that.
 *
 * @throws ImageError MEMBER_MISSING, and what the walker refuses before it comes to the member
 */
export async function spoolMember(
  archive: AsyncIterable<Buffer>,
  path: string,
  spool: Spool,
): Promise<Spooled> {
  const paths = new UniquePaths();
  const found = new Set<string>();
  const walker = new TarWalker((head) => {
    const isWanted = paths.take(head.path) === path && head.kind === 'file';
    return {
      data: (bytes) => {
        if (isWanted) spool.data(bytes);
      },
      hole: (lengthBytes) => {
        if (isWanted) spool.hole(lengthBytes);
      },
      end: () => {
        if (isWanted) found.add(path);
      },
    };
  });
  try {
    for await (const bytes of archive) {
      walker.push(bytes);
      if (found.size > 0) return spool.finish();
    }
  } catch (error) {
    spool.abandon();
    throw error;
  }
  spool.abandon();
  throw new ImageError('MEMBER_MISSING', `no file ${quote(path)} is in the archive`);
}
