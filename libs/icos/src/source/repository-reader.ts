import { createHash } from 'node:crypto';
import { resolve } from 'node:path';
import { asCommitId, type CommitId } from '#libs/encoding';
import { IcosError } from '../error.js';
import type { CommitReader } from '../release/detect-era.js';
import { readObjects } from './git-objects.js';
import { findEntry, type TreeEntry } from './git-tree.js';

const MAX_TEXT_BYTES = 1024 ** 2;

/**
 * Reads files of a commit that need not be checked out: regular files of at most 1 MiB, links not
 * followed, as {@link worktreeReader} does. Each object on the way from the commit's id to a
 * file's text is hashed, so whoever can write to the repository cannot give the commit another
 * text. `gitDir` is a bare repository, or the `.git` of another.
 *
 * What it returns throws IcosError GIT_FAILED when the repository lacks the commit, or a part of it
 * is missing or damaged; INTERRUPTED; NOT_STARTED without git.
 *
 * @throws EncodingError NOT_A_COMMIT
 * Source: git-cat-file(1) on `--batch`
 */
export function repositoryReader(
  gitDir: string,
  commit: CommitId,
  signal: AbortSignal = new AbortController().signal,
): CommitReader {
  const id = asCommitId(commit);
  const dir = resolve(gitDir);
  return async (path) => {
    const segments = path.split('/');
    // Git would take these for something else than names in a tree, or for two questions.
    if (segments.some((name) => ['', '.', '..'].includes(name)) || path.includes('\n')) return null;
    const below = segments.map((_, index) => segments.slice(0, index + 1).join('/'));
    const names = [id, `${id}^{tree}`, ...below.map((name) => `${id}:${name}`)];
    const [root, ...objects] = await readObjects(dir, names, signal);
    const top = /^tree ([0-9a-f]{40})\n/.exec(proven('commit', id, root).toString('latin1'))?.[1];
    let entry: TreeEntry | null = { kind: 'folder', id: top ?? '' };
    for (const [depth, name] of segments.entries()) {
      if (entry?.kind !== 'folder') return null;
      entry = findEntry(proven('tree', entry.id, objects[depth]), name);
    }
    const text = objects.at(-1);
    if (entry?.kind !== 'file' || text === undefined) return null;
    if (text !== null && text.length > MAX_TEXT_BYTES) return null;
    return proven('blob', entry.id, text).toString('utf8');
  };
}

/** Source: git-hash-object(1); an object's id is the digest of its kind, size and bytes */
function proven(kind: string, id: string, bytes: Buffer | null | undefined): Buffer {
  if (bytes === null || bytes === undefined) {
    throw new IcosError('GIT_FAILED', `the repository lacks ${kind} ${id}`);
  }
  const found = createHash('sha1').update(`${kind} ${bytes.length}\0`).update(bytes).digest('hex');
  if (found === id) return bytes;
  throw new IcosError('GIT_FAILED', `the repository gives ${kind} ${found} for ${id}`);
}
