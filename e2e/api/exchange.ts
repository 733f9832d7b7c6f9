import { Agent, request, type IncomingHttpHeaders, type OutgoingHttpHeaders } from 'node:http';

/** What is sent: a path exactly as it stands, which no URL parser has tidied up. */
export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly headers?: OutgoingHttpHeaders;
  readonly body?: string | Uint8Array;
}

/** What came back, whole. */
export interface Answered {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly bytes: Buffer;
}

const TIMEOUT_MS = 30_000;
const agent = new Agent({ keepAlive: true, maxSockets: 16 });

/**
 * Asks a server, and reads its answer to the end; of a stream of events the beginning.
 *
 * @throws Error when the connection breaks before the answer is whole
 */
export function exchange(url: string, { method, path, headers, body }: Asked): Promise<Answered> {
  const { hostname, port } = new URL(url);
  return new Promise((done, failed) => {
    // Without a length Node would send the body of a DELETE as if it were the next request.
    const length = body === undefined ? {} : { 'content-length': Buffer.byteLength(body) };
    const options = {
      ...{ hostname, port, method, path, agent, timeout: TIMEOUT_MS },
      headers: { ...length, ...headers },
    };
    const sent = request(options, (response) => {
      const { statusCode: status = 0, headers: answered } = response;
      const chunks: Buffer[] = [];
      const isStream = answered['content-type']?.startsWith('text/event-stream') ?? false;
      const finish = (): void => {
        done({ status, headers: answered, bytes: Buffer.concat(chunks) });
      };
      response.on('data', (chunk: Buffer) => {
        chunks.push(chunk);
        if (!isStream) return;
        finish();
        response.destroy();
      });
      response.on('end', finish);
      response.on('error', failed);
    });
    sent.on('timeout', () => sent.destroy(new Error(`${method} ${path}: no answer in time`)));
    sent.on('error', failed);
    sent.end(body);
  });
}
