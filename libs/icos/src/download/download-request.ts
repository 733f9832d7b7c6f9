import type { Sha256 } from '#libs/encoding';
import type { AllowList } from './allow-list.js';

/** What to download, and what it may cost. */
export interface DownloadRequest {
  readonly url: string;
  readonly allow: AllowList;
  /** Most bytes of the body; default 64 GiB, and 1 MiB where bytes are returned. */
  readonly maxBytes?: number;
  /** Longest time without any byte, in milliseconds; default one minute. */
  readonly stallTimeoutMs?: number;
  /** Longest time for one attempt, in milliseconds; default six hours. */
  readonly totalTimeoutMs?: number;
  /** How often a transient fault is tried again; default three times. */
  readonly retries?: number;
  /** Delay before the first retry, in milliseconds, doubled each time; default one second. */
  readonly retryDelayMs?: number;
  readonly signal?: AbortSignal;
  /**
   * Told after each chunk. Numbers go back when an attempt is repeated: to zero, or to what a
   * cache holds of the file.
   */
  readonly onProgress?: (progress: DownloadProgress) => void;
}

/** How far a download is. */
export interface DownloadProgress {
  readonly receivedBytes: number;
  /** Null where the server does not announce it. */
  readonly totalBytes: number | null;
}

/** What one URL serves. */
export interface Downloaded {
  readonly url: string;
  /** Where the bytes came from, after redirects. */
  readonly finalUrl: string;
  readonly sha256: Sha256;
  readonly sizeBytes: number;
  readonly etag: string | null;
}

export const DEFAULT_MAX_DOWNLOAD_BYTES = 64 * 1024 ** 3;
export const DEFAULT_MAX_SMALL_BYTES = 1024 ** 2;
