import { constants, open } from 'node:fs/promises';
import { join } from 'node:path';
import { type Era, ERAS } from './eras.js';
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
  const texts = new Map<string, Promise<string | null>>();
  const textOf = async (path: string): Promise<string | null> => {
    const known = texts.get(path) ?? read(path);
    texts.set(path, known);
    return known;
  };
  for (const era of eras) {
    const held = await Promise.all(
      era.marks.map(async ({ path, contains }) => (await textOf(path))?.includes(contains)),
    );
    if (held.every((isHeld) => isHeld === true)) return era;
  }
  const paths = [...texts.keys()].join(', ');
  throw new IcosError(
    'UNSUPPORTED_COMMIT',
    `the commit is of no era known here: looked into ${paths}; a newer version may know it`,
  );
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
