import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { asCommitId, type CommitId } from '#libs/encoding';
import { expect, onTestFinished } from 'vitest';
import { createAllowList } from '../allow-list.js';
import type { DownloadProgress, DownloadRequest } from '../download-request.js';
import type { CachedDownload } from './cached-fetch.js';
import { openDownloadCache } from './download-cache.js';

export const COMMIT = commitOf('7');

/** A commit id of one digit. */
export function commitOf(digit: string): CommitId {
  return asCommitId(digit.repeat(40));
}

/** Makes a folder that is gone after the test. */
export async function scratchFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'download-cache-'));
  onTestFinished(async () => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** One run: opens a cache, fetches a URL within short limits, closes the cache. */
export async function fetchOnce(
  dir: string,
  url: string,
  more: Partial<DownloadRequest> = {},
): Promise<CachedDownload> {
  const cache = await openDownloadCache({ dir, commit: COMMIT });
  try {
    const allow = createAllowList([new URL(url).origin]);
    return await cache.fetch({ url, allow, retries: 0, retryDelayMs: 1, ...more });
  } finally {
    await cache.close();
  }
}

/**
 * A run that is interrupted as soon as it has all that a hanging host gives: unlike a connection
 * that is cut, it has lost none of it on the way.
 */
export async function beginOnce(dir: string, url: string, givenBytes: number): Promise<void> {
  const stop = new AbortController();
  const onProgress = ({ receivedBytes }: DownloadProgress): void => {
    if (receivedBytes === givenBytes) stop.abort();
  };
  await expect(fetchOnce(dir, url, { signal: stop.signal, onProgress })).rejects.toThrow(
    expect.objectContaining({ code: 'INTERRUPTED' }) as Error,
  );
}
