import { createHash } from 'node:crypto';
import { asSha256 } from '#libs/encoding';
import { attempt } from './attempt.js';
import { readBody } from './body.js';
import {
  DEFAULT_MAX_DOWNLOAD_BYTES,
  DEFAULT_MAX_SMALL_BYTES,
  type Downloaded,
  type DownloadRequest,
} from './download-request.js';
import { httpGet } from './http-get.js';

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
  return receive({ maxBytes: DEFAULT_MAX_DOWNLOAD_BYTES, ...request }, () => () => undefined);
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
  const limited = { maxBytes: DEFAULT_MAX_SMALL_BYTES, ...request };
  const downloaded = await receive(limited, () => {
    const begun: Buffer[] = (chunks = []);
    return (chunk) => begun.push(chunk);
  });
  return { ...downloaded, bytes: new Uint8Array(Buffer.concat(chunks)) };
}

/** Called at the start of each attempt; what it returns takes that attempt's chunks. */
type BeginSink = () => (chunk: Buffer) => void;

async function receive(
  request: DownloadRequest & { readonly maxBytes: number },
  begin: BeginSink,
): Promise<Downloaded> {
  const { url, allow, maxBytes, onProgress } = request;
  return attempt(request, async (current) => {
    const sink = begin();
    const hash = createHash('sha256');
    const answer = await httpGet(url, allow, current.signal);
    const take = (chunk: Buffer): void => {
      sink(chunk);
      hash.update(chunk);
    };
    const sizeBytes = await readBody(answer, current, { maxBytes, onProgress, take });
    return {
      url,
      finalUrl: answer.finalUrl,
      sha256: asSha256(hash.digest('hex')),
      sizeBytes,
      etag: answer.body.headers.etag ?? null,
    };
  });
}
