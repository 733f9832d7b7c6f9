import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { Cbor } from '@dfinity/agent';
import type { Replica } from './replica.js';

const MAX_REQUEST_BYTES = 2 * 1024 * 1024;

/** Faults that are plain HTTP. */
const BROKEN: Readonly<Record<string, { status: number; body: string }>> = {
  overloaded: { status: 503, body: 'no healthy replica' },
  'captive-portal': { status: 200, body: '<h1>Welcome</h1>' },
  'clock-skew': { status: 400, body: 'Invalid request expiry: out of bounds' },
};

/**
 * Serves a replica over HTTP.
 *
 * Source: Internet Computer interface specification, "HTTPS interface"
 */
export function serveReplica(replica: Replica): Server {
  return createServer((request, response) => {
    answer(replica, request, response).catch((error: unknown) => {
      response.writeHead(400).end(`malformed request: ${String(error)}`);
    });
  });
}

async function answer(
  replica: Replica,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (replica.fault === 'unreachable') {
    request.destroy();
    return;
  }
  const broken = BROKEN[replica.fault ?? 'none'];
  if (broken === undefined) await route(replica, request, response);
  else response.writeHead(broken.status, { 'content-type': 'text/html' }).end(broken.body);
}

async function route(
  replica: Replica,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (request.url === '/api/v2/status') {
    send(response, replica.status());
    return;
  }
  const path = /^\/api\/v[23]\/canister\/[a-z0-9-]{1,63}\/(query|call|read_state)$/;
  const endpoint = path.exec(request.url ?? '')?.[1];
  const content = await readContent(request);
  if (endpoint === 'query') send(response, replica.query(content));
  else if (endpoint === 'read_state') send(response, await replica.readState(content));
  else if (endpoint === 'call') send(response, await replica.call(content));
  else response.writeHead(404).end();
}

function send(response: ServerResponse, body: object | null): void {
  if (body === null) response.writeHead(202).end();
  else response.writeHead(200, { 'content-type': 'application/cbor' }).end(Cbor.encode(body));
}

type Content = Parameters<Replica['query']>[0];

async function readContent(request: IncomingMessage): Promise<Content> {
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    sizeBytes += chunk.length;
    if (sizeBytes > MAX_REQUEST_BYTES) throw new RangeError('too large');
    chunks.push(chunk);
  }
  const envelope: { content: Content } = Cbor.decode(new Uint8Array(Buffer.concat(chunks)));
  return envelope.content;
}
