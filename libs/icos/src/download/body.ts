import { quote } from '#libs/encoding';
import { IcosError } from '../error.js';
import type { Attempt } from './attempt.js';
import type { DownloadProgress } from './download-request.js';
import { type HttpAnswer, networkError } from './http-get.js';

/** Where the body of an answer belongs, and what becomes of it. */
export interface BodyRequest {
  readonly maxBytes: number;
  /** Bytes of the file before this body; default none. */
  readonly startBytes?: number;
  /** Size of the file where something else than the body's own length tells it. */
  readonly totalBytes?: number;
  readonly onProgress?: ((progress: DownloadProgress) => void) | undefined;
  /** Takes each chunk; the next one comes when it is done with this one. */
  readonly take: (chunk: Buffer) => void | Promise<void>;
}

/**
 * Reads the body of an answer to its end, and returns the size of the file of which it is the
 * last part. The end is certain: the server has to announce its length, or end a chunked body
 * properly.
 *
 * @throws IcosError TRUNCATED_DOWNLOAD, TOO_LARGE, BAD_RESPONSE, STALLED; what `take` and `onProgress` throw
 */
export async function readBody(
  { finalUrl, body }: HttpAnswer,
  { signal, touch }: Attempt,
  request: BodyRequest,
): Promise<number> {
  const totalBytes = request.totalBytes ?? announcedLength(body.headers['content-length']);
  const isChunked = body.headers['transfer-encoding'] !== undefined;
  let receivedBytes = request.startBytes ?? 0;
  try {
    refuseLarge(finalUrl, totalBytes ?? 0, request.maxBytes);
    for await (const chunk of body as AsyncIterable<Buffer>) {
      touch();
      refuseLarge(finalUrl, receivedBytes + chunk.length, request.maxBytes);
      if (totalBytes !== null && receivedBytes + chunk.length > totalBytes) {
        // Only chunks can: a body with a length of its own ends there.
        throw new IcosError(
          'BAD_RESPONSE',
          `${quote(finalUrl)} sends more than the ${totalBytes} bytes that it announced`,
        );
      }
      await request.take(chunk);
      // A slow disk is not a silent server.
      touch();
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
  return receivedBytes;
}

/**
 * Refuses what is larger than allowed.
 *
 * @throws IcosError TOO_LARGE
 */
export function refuseLarge(url: string, bytes: number, maxBytes: number): void {
  if (bytes <= maxBytes) return;
  throw new IcosError('TOO_LARGE', `${quote(url)} has more than the ${maxBytes} bytes allowed`);
}

/** What a Content-Length header says, if it says anything. */
export function announcedLength(header: string | undefined): number | null {
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
