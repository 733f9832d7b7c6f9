import { createHash } from 'node:crypto';
import { asSha256, quote, type Sha256 } from '#libs/encoding';
import pRetry from 'p-retry';
import type { AllowList } from './allow-list.js';
import { IcosError, type IcosErrorCode, interrupted } from '../error.js';
import { httpGet, type HttpAnswer, networkError } from './http-get.js';
import { StallTimer } from './stall-timer.js';

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
  /** Told after each chunk. Numbers go back to zero when an attempt is repeated. */
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
 * Downloads a URL and hashes it in the same pass; keeps nothing.
 *
 * A digest comes out only for a body that is known to be whole: the server has to announce its
 * length, or end a chunked one properly.
 *
 * @throws IcosError URL_NOT_ALLOWED, PRIVATE_ADDRESS, TOO_MANY_REDIRECTS, HTTP_REFUSED,
 * HTTP_UNAVAILABLE, BAD_RESPONSE, TRUNCATED_DOWNLOAD, TOO_LARGE, STALLED, NETWORK, INTERRUPTED
 */
export async function download(request: DownloadRequest): Promise<Downloaded> {
  return attempt(request, DEFAULT_MAX_DOWNLOAD_BYTES, () => () => undefined);
}

/**
 * Downloads a small file and returns its bytes too: SHA256SUMS, launch measurements. Otherwise as
 * {@link download}.
 *
 * @throws IcosError as {@link download}
 */
export async function downloadSmall(
  request: DownloadRequest,
): Promise<Downloaded & { readonly bytes: Uint8Array }> {
  let chunks: Buffer[] = [];
  const downloaded = await attempt(request, DEFAULT_MAX_SMALL_BYTES, () => {
    const begun: Buffer[] = (chunks = []);
    return (chunk) => begun.push(chunk);
  });
  return { ...downloaded, bytes: new Uint8Array(Buffer.concat(chunks)) };
}

/** Called at the start of each attempt; what it returns takes that attempt's chunks. */
type BeginSink = () => (chunk: Buffer) => void;
type Bounded = DownloadRequest & { readonly maxBytes: number };

async function attempt(
  request: DownloadRequest,
  defaultMaxBytes: number,
  begin: BeginSink,
): Promise<Downloaded> {
  const { signal } = request;
  try {
    return await pRetry(
      async () => receive({ ...request, maxBytes: request.maxBytes ?? defaultMaxBytes }, begin()),
      {
        retries: request.retries ?? DEFAULT_RETRIES,
        minTimeout: request.retryDelayMs ?? DEFAULT_RETRY_DELAY_MS,
        randomize: true,
        shouldRetry: ({ error }) => error instanceof IcosError && TRANSIENT.has(error.code),
        ...(signal !== undefined && { signal }),
      },
    );
  } catch (error) {
    if (signal?.aborted === true) throw interrupted(signal);
    throw error;
  }
}

async function receive(request: Bounded, sink: (chunk: Buffer) => void): Promise<Downloaded> {
  const { url, allow, stallTimeoutMs = DEFAULT_STALL_TIMEOUT_MS } = request;
  const timer = new StallTimer(
    quote(url),
    stallTimeoutMs,
    request.totalTimeoutMs ?? DEFAULT_TOTAL_TIMEOUT_MS,
  );
  const signal = AbortSignal.any([timer.signal, ...(request.signal ? [request.signal] : [])]);
  try {
    const answer = await httpGet(url, allow, signal);
    return { url, ...(await readBody(answer, request, timer, signal, sink)) };
  } finally {
    timer.stop();
  }
}

async function readBody(
  { finalUrl, body }: HttpAnswer,
  request: Bounded,
  timer: StallTimer,
  signal: AbortSignal,
  sink: (chunk: Buffer) => void,
): Promise<Omit<Downloaded, 'url'>> {
  const totalBytes = announcedLength(body.headers['content-length']);
  const isChunked = body.headers['transfer-encoding'] !== undefined;
  const hash = createHash('sha256');
  let receivedBytes = 0;
  const refuseLarge = (bytes: number): void => {
    if (bytes <= request.maxBytes) return;
    throw new IcosError(
      'TOO_LARGE',
      `${quote(finalUrl)} has more than the ${request.maxBytes} bytes allowed`,
    );
  };
  try {
    refuseLarge(totalBytes ?? 0);
    for await (const chunk of body as AsyncIterable<Buffer>) {
      timer.touch();
      refuseLarge(receivedBytes + chunk.length);
      sink(chunk);
      hash.update(chunk);
      receivedBytes += chunk.length;
      request.onProgress?.({ receivedBytes, totalBytes });
    }
  } catch (error) {
    if (signal.aborted) throw networkError(new URL(finalUrl), error, signal);
    // Not the connection's error: a limit, or the caller's own.
    if (body.errored === null) throw error;
    throw truncated(finalUrl, receivedBytes, totalBytes, error);
  } finally {
    body.destroy();
  }
  // Where neither length nor chunks tell the end, a cut connection looks like one.
  if (totalBytes === null ? !isChunked : receivedBytes !== totalBytes) {
    throw truncated(finalUrl, receivedBytes, totalBytes);
  }
  const etag = body.headers.etag ?? null;
  return { finalUrl, sha256: asSha256(hash.digest('hex')), sizeBytes: receivedBytes, etag };
}

function announcedLength(header: string | undefined): number | null {
  return header !== undefined && /^[0-9]{1,15}$/.test(header) ? Number(header) : null;
}

function truncated(
  url: string,
  receivedBytes: number,
  totalBytes: number | null,
  cause?: unknown,
): IcosError {
  return new IcosError(
    'TRUNCATED_DOWNLOAD',
    `${quote(url)} ended after ${receivedBytes} of ${totalBytes ?? 'an unannounced number of'} bytes`,
    { cause },
  );
}
