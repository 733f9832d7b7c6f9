import { quote } from '#libs/encoding';
import pRetry from 'p-retry';
import { IcosError, type IcosErrorCode, interrupted } from '../error.js';
import type { DownloadRequest } from './download-request.js';
import { StallTimer } from './stall-timer.js';

/** One attempt at a download: what ends it, and where it reports that something moved. */
export interface Attempt {
  readonly signal: AbortSignal;
  readonly touch: () => void;
}

const DEFAULT_STALL_TIMEOUT_MS = 60_000;
const DEFAULT_TOTAL_TIMEOUT_MS = 6 * 3_600_000;
const DEFAULT_RETRIES = 3;
const DEFAULT_RETRY_DELAY_MS = 1_000;

const TRANSIENT: ReadonlySet<IcosErrorCode> = new Set([
  'NETWORK',
  'HTTP_UNAVAILABLE',
  'TRUNCATED_DOWNLOAD',
  'STALLED',
]);

/**
 * Makes one attempt, and more after transient faults, each within the request's time limits.
 *
 * @throws IcosError STALLED, INTERRUPTED; what the last attempt throws
 */
export async function attempt<T>(
  request: DownloadRequest,
  work: (attempt: Attempt) => Promise<T>,
): Promise<T> {
  const { signal } = request;
  try {
    return await pRetry(async () => attemptOnce(request, work), {
      retries: request.retries ?? DEFAULT_RETRIES,
      minTimeout: request.retryDelayMs ?? DEFAULT_RETRY_DELAY_MS,
      randomize: true,
      shouldRetry: ({ error }) => error instanceof IcosError && TRANSIENT.has(error.code),
      ...(signal !== undefined && { signal }),
    });
  } catch (error) {
    if (signal?.aborted === true) throw interrupted(signal);
    throw error;
  }
}

async function attemptOnce<T>(
  request: DownloadRequest,
  work: (attempt: Attempt) => Promise<T>,
): Promise<T> {
  const timer = new StallTimer(
    quote(request.url),
    request.stallTimeoutMs ?? DEFAULT_STALL_TIMEOUT_MS,
    request.totalTimeoutMs ?? DEFAULT_TOTAL_TIMEOUT_MS,
  );
  const signal = AbortSignal.any([timer.signal, ...(request.signal ? [request.signal] : [])]);
  const touch = (): void => {
    timer.touch();
  };
  try {
    return await work({ signal, touch });
  } finally {
    timer.stop();
  }
}
