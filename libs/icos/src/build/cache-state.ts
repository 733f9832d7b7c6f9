import { readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { quote } from '#libs/encoding';
import { readShellWords } from './shell-words.js';
import { operatorRcFiles, readRcOptions, type RcOption } from './bazelrc.js';

/** What a build finds before it begins: nothing, something built earlier, or somebody's server. */
export type CacheState = 'cold' | 'warm' | 'remote';

/** A state, and what was seen that says so; `why` is null for `cold`. It may tell private paths. */
export interface CacheReading {
  readonly state: CacheState;
  readonly why: string | null;
}

/** Whose caches are looked at. */
export interface CacheRequest {
  readonly home: string;
  /** The checked-out commit, when there is one already. */
  readonly worktree?: string | undefined;
  /** Text of the `.container-run.conf` that the build will use. */
  readonly containerRunConf: string;
}

const REMOTE = /^--(?:remote_cache|remote_http_cache|remote_executor|bes_backend)$/;
const CACHE_FOLDER =
  /^--(?:disk_cache|repository_cache|repo_contents_cache|output_base|output_user_root)$/;
/** How the release's own rc file says where the C compiler keeps its cache. */
const COMPILER_CACHE = /^HERMETIC_CC_TOOLCHAIN_CACHE_PREFIX=(.+)$/;
const REMOTE_IN_CONF = /--(?:remote_cache|remote_http_cache|remote_executor|bes_backend)[= ][^ )-]/;

/**
 * Measures what a build would find in caches, from the files that the build would read. In doubt it
 * is not cold: a setting that may turn out to be without effect counts, and so does a folder that
 * cannot be listed.
 *
 * Source: https://bazel.build/run/bazelrc; dfinity/ic ci/container/container-run.sh, which mounts
 * `~/.cache` as a whole
 */
export async function readCacheState(request: CacheRequest): Promise<CacheReading> {
  const { home, worktree } = request;
  const conf = readShellWords(request.containerRunConf).flat().join(' ');
  const own = await readRcOptions(operatorRcFiles(home, worktree), worktree ?? home);
  const remote = own.find(({ name, value }) => REMOTE.test(name) && value !== '');
  if (remote !== undefined) return { state: 'remote', why: told(remote) };
  if (REMOTE_IN_CONF.test(conf)) {
    return { state: 'remote', why: '.container-run.conf names a server' };
  }
  const cache = join(home, '.cache');
  if (await hasContent(cache)) return { state: 'warm', why: `${quote(cache)} is not empty` };
  // It is a program, and may mount anything from anywhere.
  if (/cache|bazel/i.test(conf)) {
    return { state: 'warm', why: '.container-run.conf names a cache' };
  }
  const commits =
    worktree === undefined ? [] : await readRcOptions([join(worktree, '.bazelrc')], worktree);
  for (const option of [...own, ...commits]) {
    const folder = cacheFolderOf(option, home, worktree ?? home);
    if (folder === null || !(await hasContent(folder))) continue;
    return { state: 'warm', why: `${told(option)}, and ${quote(folder)} is not empty` };
  }
  return { state: 'cold', why: null };
}

function told({ file, name, value }: RcOption): string {
  return `${quote(file)} says ${quote(`${name}=${value}`)}`;
}

function cacheFolderOf({ name, value }: RcOption, home: string, worktree: string): string | null {
  const named = CACHE_FOLDER.test(name) ? value : COMPILER_CACHE.exec(value)?.[1];
  if (named === undefined || named === '') return null;
  const path = named
    .replaceAll('%workspace%', worktree)
    .replace(/^(?:~|\$HOME|\$\{HOME\})(?=\/|$)/, home);
  return resolve(worktree, path);
}

async function hasContent(folder: string): Promise<boolean> {
  try {
    return (await readdir(folder)).length > 0;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : null;
    return code !== 'ENOENT' && code !== 'ENOTDIR';
  }
}
