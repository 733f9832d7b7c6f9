import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { PROBLEM_BASE, type Problem } from '#libs/contracts';

const DETAILS = {
  400: 'this is no HTTP request: its first line, a header or its length is malformed',
  408: 'the request did not come in time, all of it',
  431: 'the headers of the request are too large',
} as const;

/** What Node's parser says of a request that it gave up. */
const STATUSES: Readonly<Record<string, keyof typeof DETAILS>> = {
  ERR_HTTP_REQUEST_TIMEOUT: 408,
  HPE_HEADER_OVERFLOW: 431,
};

/**
 * Answers what is no HTTP request with a problem, and hangs up; the server's `clientErrorHandler`.
 * There is no request and no reply by then, but for the bare connection.
 */
export function refuseBroken(error: Error & { readonly code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const status = STATUSES[error.code ?? ''] ?? 400;
  const title = STATUS_CODES[status] ?? 'Error';
  const code = title.toLowerCase().replaceAll(/[^a-z]+/g, '-');
  const type = `${PROBLEM_BASE}/${code}`;
  const body = JSON.stringify({ type, title, status, detail: DETAILS[status] } satisfies Problem);
  socket.end(
    [
      `HTTP/1.1 ${status} ${title}`,
      'content-type: application/problem+json',
      `content-length: ${Buffer.byteLength(body)}`,
      'connection: close',
      '',
      body,
    ].join('\r\n'),
  );
}
