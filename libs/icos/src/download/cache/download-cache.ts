import { join, resolve } from 'node:path';
import { asCommitId, type CommitId } from '#libs/encoding';
import { DEFAULT_MAX_DOWNLOAD_BYTES, type DownloadRequest } from '../download-request.js';
import type { CachedDownload, FoundDownload } from './cached-fetch.js';
import { type CleanedCache, removeCommits, useCommit } from './commit-folders.js';
import { onDisk } from './disk-failure.js';
import { fetchBeside, fetchInto } from './fetch-into.js';

/** Which cache to open, for which commit. */
export interface DownloadCacheRequest {
  /** Folder that all runs of this machine share; made when absent. Keep others from writing to it. */
  readonly dir: string;
  readonly commit: CommitId;
  /** How many commits stay, this one and those used last; default two, at least one. */
  readonly keep?: number;
  readonly signal?: AbortSignal;
}

/** The downloads of one commit, on the disk. */
export interface DownloadCache {
  /** `<dir>/<commit>` */
  readonly folder: string;
  /**
   * Brings a URL's whole file onto the disk: goes on with what an interrupted run left, and takes
   * what is there once the server says by its strong ETag that it is the same; without one it is
   * downloaded again. The digest is of the whole file as it lies there. Files are kept apart by
   * their full URL.
   *
   * Calls for one URL at one time share one download, with the limits and the signal of the first
   * of them. Processes take turns, and the next one finds what the one before it brought.
   *
   * @throws IcosError as `download`
   * @throws IcosError OUT_OF_SPACE when the disk or a quota is full: what was written of the file
   * is removed; CACHE_FAILED when the folder cannot be used; NOT_STARTED without `flock`
   */
  readonly fetch: (request: DownloadRequest) => Promise<CachedDownload>;
  /**
   * As `fetch`, for a URL that ought to serve the same file as another, whose download is the
   * `original`. The bytes are hashed and not written: where they are the same, that file serves
   * both URLs from then on, and where not, they are not kept.
   *
   * @throws IcosError as `fetch`, but for the original's own, which is null then
   */
  readonly fetchBeside: (
    original: Promise<CachedDownload | null>,
    request: DownloadRequest,
  ) => Promise<FoundDownload>;
  /** Waits for what is being fetched, and says that this run no longer uses the commit. */
  readonly close: () => Promise<void>;
}

const DEFAULT_KEPT_COMMITS = 2;

function limited(request: DownloadRequest): DownloadRequest & { readonly maxBytes: number } {
  return { maxBytes: DEFAULT_MAX_DOWNLOAD_BYTES, ...request };
}

/**
 * Opens the cache of downloads for one commit, and removes the commits that were used longest ago.
 * A commit that a run uses is never removed, by whichever process. The kernel keeps the marks, so
 * those of a killed run are gone with it.
 *
 * @throws EncodingError NOT_A_COMMIT
 * @throws IcosError OUT_OF_SPACE, CACHE_FAILED, NOT_STARTED without `flock`, INTERRUPTED
 */
export async function openDownloadCache(request: DownloadCacheRequest): Promise<DownloadCache> {
  const { keep = DEFAULT_KEPT_COMMITS, signal } = request;
  const commit = asCommitId(request.commit);
  const dir = resolve(request.dir);
  const folder = join(dir, commit);
  const mark = await onDisk(dir, async () => useCommit(dir, commit, Math.max(1, keep), signal));
  const running = new Map<string, Promise<CachedDownload>>();
  const using = new Set<Promise<unknown>>();
  let isOpen = true;
  const requireOpen = (): void => {
    if (!isOpen) throw new Error('the download cache is closed');
  };
  const used = async <T>(work: Promise<T>): Promise<T> => {
    using.add(work);
    return work.finally(() => using.delete(work));
  };
  return {
    folder,
    fetch: async (wanted) => {
      requireOpen();
      const { href } = wanted.allow.check(wanted.url);
      const fetching =
        running.get(href) ??
        used(fetchInto(folder, limited(wanted))).finally(() => running.delete(href));
      running.set(href, fetching);
      // One URL may be spelled in two ways; each caller finds its own.
      return { ...(await fetching), url: wanted.url };
    },
    fetchBeside: async (original, wanted) => {
      requireOpen();
      return used(fetchBeside(folder, limited(wanted), original));
    },
    close: async () => {
      if (!isOpen) return;
      isOpen = false;
      await Promise.allSettled(using);
      mark.release();
    },
  };
}

/**
 * Removes every commit of a cache that no run uses; nothing where there is no cache.
 *
 * @throws IcosError CACHE_FAILED, NOT_STARTED without `flock`, INTERRUPTED
 */
export async function cleanDownloadCache(dir: string, signal?: AbortSignal): Promise<CleanedCache> {
  const absolute = resolve(dir);
  return onDisk(absolute, async () => removeCommits(absolute, signal));
}
