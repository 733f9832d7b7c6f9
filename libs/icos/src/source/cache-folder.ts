import { lstat, mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { quote } from '#libs/encoding';
import { IcosError } from '../error.js';

/** What a cache consists of; nothing in it is believed before it is proven. */
const KEPT_FILES = ['packed-refs', 'shallow'];
const KEPT_FOLDERS = ['objects', 'refs'];

/**
 * Whatever else git would read in a bare repository: settings, programs, other places for objects
 * and refs, other histories, locks of a process that is gone. A build that could write to the
 * cache may have left them; none of it is needed.
 *
 * Source: gitrepository-layout(5)
 */
const DISTRUSTED = [
  ...['HEAD', 'FETCH_HEAD', 'config', 'config.worktree', 'commondir', 'gitdir', 'hooks', 'info'],
  ...['index', 'logs', 'branches', 'remotes', 'worktrees', 'modules', 'reftable'],
  ...['HEAD.lock', 'config.lock', 'packed-refs.lock', 'shallow.lock'],
];
const PACK_FILE = /^pack-[0-9a-f]{40}\.(?:pack|idx)$/;

/** Says that the folder is ours; a repository without it may be somebody's own. */
const MARK = 'repro-quorum-cache';

/** Git reads no other settings than these when it serves the cache to a worktree. */
const CONFIG = `[core]
\trepositoryFormatVersion = 0
\tbare = true
\tuseReplaceRefs = false
[gc]
\tauto = 0
[pack]
\tcompression = 0
\twindow = 0
`;

/**
 * Makes a folder a bare repository, or leaves of one that is there its packs, refs and shallow
 * boundary. Files that git does not know stay. The caller holds the lock, so that what looks
 * half-written is left over. Tells whether the cache holds nothing.
 *
 * @throws IcosError CACHE_FAILED for a folder that is not ours to tidy
 */
export async function tidyCache(dir: string): Promise<boolean> {
  await mark(dir);
  for (const name of DISTRUSTED) await remove(join(dir, name));
  for (const name of KEPT_FILES) {
    const file = join(dir, name);
    if ((await factsOf(file))?.isFile() === false) await remove(file);
  }
  const packs = join(dir, 'objects/pack');
  for (const folder of [join(dir, 'objects'), packs, join(dir, 'refs')]) await makeFolder(folder);
  await keepOnly(join(dir, 'objects'), ({ name }) => name === 'pack');
  await keepOnly(packs, (entry) => entry.isFile() && PACK_FILE.test(entry.name));
  await keepRefs(join(dir, 'refs'));
  const isEmpty = (await readdir(packs)).length === 0;
  if (isEmpty) {
    // Refs to nothing, and the boundary of nothing, would only mislead a fetch.
    for (const name of [...KEPT_FILES, 'refs']) await remove(join(dir, name));
    await mkdir(join(dir, 'refs'));
  }
  await writeFile(join(dir, 'HEAD'), 'ref: refs/heads/none\n', { flag: 'wx' });
  await writeFile(join(dir, 'config'), CONFIG, { flag: 'wx' });
  return isEmpty;
}

/** Removes what a cache consists of, and makes an empty one. */
export async function renewCache(dir: string): Promise<void> {
  for (const name of [...KEPT_FOLDERS, ...KEPT_FILES]) await remove(join(dir, name));
  await tidyCache(dir);
}

/** Somebody's own repository, or a folder that happens to hold a `config`, is never tidied. */
async function mark(dir: string): Promise<void> {
  await mkdir(dir, { recursive: true });
  const isOurs =
    (await factsOf(join(dir, MARK))) ?? (await factsOf(join(dir, 'refs', 'repro-quorum')));
  if (isOurs === null) {
    const foreign = new Set([...DISTRUSTED, ...KEPT_FOLDERS, ...KEPT_FILES]);
    const found = (await readdir(dir)).find((name) => foreign.has(name));
    if (found !== undefined) {
      throw new IcosError(
        'CACHE_FAILED',
        `${quote(dir)} holds ${quote(found)} and is no source cache: give an empty or absent folder`,
      );
    }
  }
  await writeFile(join(dir, MARK), '');
}

async function factsOf(path: string) {
  return lstat(path).catch(() => null);
}

/** Removes a link, not what it leads to. */
async function remove(path: string): Promise<void> {
  await rm(path, { recursive: true, force: true });
}

async function makeFolder(path: string): Promise<void> {
  if ((await factsOf(path))?.isDirectory() === true) return;
  await remove(path);
  await mkdir(path);
}

interface Entry {
  readonly name: string;
  isFile(): boolean;
}

async function keepOnly(dir: string, isKept: (entry: Entry) => boolean): Promise<void> {
  for (const entry of await readdir(dir, { withFileTypes: true })) {
    if (!isKept(entry)) await remove(join(dir, entry.name));
  }
}

/** A ref that is a pipe would have git wait for ever; one with a lock is never written again. */
async function keepRefs(dir: string): Promise<void> {
  for (const entry of await readdir(dir, { withFileTypes: true, recursive: true })) {
    const isKept = entry.isDirectory() || (entry.isFile() && !entry.name.endsWith('.lock'));
    if (!isKept) await remove(join(entry.parentPath, entry.name));
  }
}
