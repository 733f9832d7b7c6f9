import { constants, open } from 'node:fs/promises';
import { join } from 'node:path';
import type { Era, EraMark } from './era.js';
import { ERAS } from './eras.js';
import { IcosError } from '../error.js';

/** Gives the text of a file that a commit holds; null when it holds none of that path. */
export type CommitReader = (path: string) => Promise<string | null>;

const MAX_TEXT_BYTES = 1024 ** 2;

/**
 * Finds the era of a commit by what the commit contains, never by its date: a hotfix branches off
 * an old release, and a builder's clock proves nothing.
 *
 * @throws IcosError UNSUPPORTED_COMMIT when no row of the table fits
 */
export async function detectEra(read: CommitReader, eras: readonly Era[] = ERAS): Promise<Era> {
  const look = rememberingLook(read);
  for (const era of eras) {
    const held = await Promise.all(era.marks.map(look.holds));
    if (held.every(Boolean)) return era;
  }
  const paths = [...look.paths()].join(', ');
  throw new IcosError(
    'UNSUPPORTED_COMMIT',
    `the commit is of no era known here: looked into ${paths}; a newer version may know it`,
  );
}

/** What one commit asks of source and machine, beyond what its whole era does. */
export interface CommitNeeds {
  /** Whether the build looks at branches; without them it would stamp other bytes. */
  readonly branches: boolean;
  /** Block size that the temp filesystem must have; null where any will do. */
  readonly tempBlockSizeBytes: number | null;
}

/** Reads what a commit of an era needs. */
export async function readNeeds(read: CommitReader, era: Era): Promise<CommitNeeds> {
  const { holds } = rememberingLook(read);
  const branches = await Promise.all(era.branchMarks.map(holds));
  let tempBlockSizeBytes: number | null = null;
  for (const { marks, blockSizeBytes } of era.tempRules) {
    if ((await Promise.all(marks.map(holds))).every(Boolean)) tempBlockSizeBytes = blockSizeBytes;
  }
  return { branches: branches.some(Boolean), tempBlockSizeBytes };
}

/** Looks for marks, reading each file once. */
function rememberingLook(read: CommitReader): {
  readonly holds: (mark: EraMark) => Promise<boolean>;
  readonly paths: () => Iterable<string>;
} {
  const texts = new Map<string, Promise<string | null>>();
  return {
    holds: async ({ path, contains }) => {
      const text = texts.get(path) ?? read(path);
      texts.set(path, text);
      return (await text)?.includes(contains) === true;
    },
    paths: () => texts.keys(),
  };
}

/** Reads from a checked-out commit: regular files of at most 1 MiB, links not followed. */
export function worktreeReader(worktree: string): CommitReader {
  return async (path) => {
    const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
    const file = await open(join(worktree, path), flags).catch(() => null);
    if (file === null) return null;
    try {
      const facts = await file.stat();
      return facts.isFile() && facts.size <= MAX_TEXT_BYTES ? await file.readFile('utf8') : null;
    } finally {
      await file.close();
    }
  };
}
