import { createCipheriv, createHash } from 'node:crypto';
import { once } from 'node:events';
import {
  createServer,
  type IncomingHttpHeaders,
  type RequestListener,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { onTestFinished } from 'vitest';

/** A host of files that answers as a test wants it to. */
export interface Host {
  readonly origin: string;
  /** What it was asked for, in order. */
  readonly asked: { readonly path: string; readonly headers: IncomingHttpHeaders }[];
  /** How it answers; may be exchanged at any time. */
  answer: RequestListener;
}

/** Starts a host that is gone after the test. */
export async function startHost(answer: RequestListener): Promise<Host> {
  const server = createServer((request, response) => {
    host.asked.push({ path: request.url ?? '', headers: request.headers });
    host.answer(request, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const host: Host = {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked: [],
    answer,
  };
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return host;
}

/** How a file is served. */
export interface Serving {
  /** Sent as it is; default none. */
  readonly etag?: string;
  /** Cuts the connection after so many bytes of each body. */
  readonly cutAfterBytes?: number;
  /** Says nothing more after so many bytes of each body. */
  readonly hangAfterBytes?: number;
  readonly ignoresRanges?: boolean;
  /** Header fields of a 206 in place of its own; an empty one is left out. */
  readonly of206?: Readonly<Record<string, string>>;
}

/** Serves one file under every path: conditions, ranges and all, as RFC 9110 has it. */
export function serves(file: Buffer, serving: Serving = {}): RequestListener {
  const { etag, of206 = {}, ignoresRanges = false } = serving;
  return (request, response) => {
    const { range, 'if-range': ifRange, 'if-none-match': ifNoneMatch } = request.headers;
    if (etag !== undefined) response.setHeader('etag', etag);
    // Weakly compared, as servers do.
    if (etag !== undefined && ifNoneMatch === etag.replace(/^W\//, '')) {
      response.writeHead(304).end();
      return;
    }
    const first = Number(/^bytes=(\d+)-$/.exec(range ?? '')?.[1] ?? 'NaN');
    const isRange = !ignoresRanges && !Number.isNaN(first) && ifRange === etag;
    const start = isRange ? first : 0;
    response.setHeader('content-length', file.length - start);
    if (isRange) {
      response.setHeader('content-range', `bytes ${start}-${file.length - 1}/${file.length}`);
      for (const [name, value] of Object.entries(of206)) {
        if (value === '') response.removeHeader(name);
        else response.setHeader(name, value);
      }
    }
    response.writeHead(isRange ? 206 : 200);
    const body = file.subarray(start);
    const end = serving.cutAfterBytes ?? serving.hangAfterBytes ?? body.length;
    response.write(body.subarray(0, end), () => {
      if (end >= body.length) response.end();
      else if (serving.cutAfterBytes !== undefined) response.destroy();
    });
  };
}

/** Serves so many zero bytes, made as they are sent. */
export function servesZeros(sizeBytes: number, etag: string): RequestListener {
  const chunk = Buffer.alloc(64 * 1024);
  return (_, response) => {
    response.writeHead(200, { etag, 'content-length': sizeBytes });
    void (async () => {
      for (let sent = 0; sent < sizeBytes && !response.destroyed; sent += chunk.length) {
        if (!response.write(chunk.subarray(0, sizeBytes - sent))) {
          await moved(response);
        } else await setImmediate();
      }
      response.end();
    })();
  };
}

async function moved(response: ServerResponse): Promise<void> {
  const stop = new AbortController();
  const { signal } = stop;
  await Promise.race([once(response, 'drain', { signal }), once(response, 'close', { signal })]);
  // The one that did not happen would wait, and listen, for ever.
  stop.abort();
}

/** A file that is not the same anywhere, so that a piece in the wrong place shows. */
export function sampleFile(sizeBytes: number, seed = 0): Buffer {
  const cipher = createCipheriv('aes-128-ctr', Buffer.alloc(16, seed), Buffer.alloc(16));
  return cipher.update(Buffer.alloc(sizeBytes));
}

/** SHA-256 in lower-case hexadecimal. */
export function digestOf(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}
