import type { ServerResponse } from 'node:http';
import { sendBody } from './body.js';
import { matchesTag, parseRange } from './byte-range.js';
import type { CdnRequest, SettledFault } from './fault.js';
import { findFile, rewrite } from './stored-file.js';
import type { StoredFile } from './stored-file.js';

/** Answers a request for a file below `root`, as well or as badly as the fault says. */
export async function answer(
  root: string,
  request: CdnRequest,
  fault: SettledFault | null,
  response: ServerResponse,
): Promise<void> {
  if (fault?.kind === 'down') {
    response.destroy();
    return;
  }
  const planned = plannedRefusal(request, fault);
  const stored = planned ? null : await findStored(root, request, fault);
  if (stored) await serve(stored, request, fault, response);
  else refuse(request, response, planned ?? { status: 404 });
}

async function findStored(
  root: string,
  { path }: CdnRequest,
  fault: SettledFault | null,
): Promise<StoredFile | null> {
  const stored = await findFile(root, path);
  if (stored === null || fault?.kind !== 'rewrite') return stored;
  return rewrite(stored, (content) => fault.change(content));
}

interface Refusal {
  readonly status: number;
  readonly fields?: Readonly<Record<string, string>>;
}

function plannedRefusal({ method }: CdnRequest, fault: SettledFault | null): Refusal | null {
  if (method !== 'GET' && method !== 'HEAD') return { status: 405, fields: { allow: 'GET, HEAD' } };
  if (fault?.kind === 'missing') return { status: 404 };
  if (fault?.kind === 'redirect') return { status: 302, fields: { location: fault.to } };
  if (fault?.kind !== 'status') return null;
  const { status, retryAfterSeconds } = fault;
  return {
    status,
    fields: retryAfterSeconds === undefined ? {} : { 'retry-after': `${retryAfterSeconds}` },
  };
}

function refuse(request: CdnRequest, response: ServerResponse, { status, fields }: Refusal): void {
  response.writeHead(status, { 'content-type': 'text/plain', ...fields });
  response.end(request.method === 'HEAD' ? undefined : `${status}\n`);
}

async function serve(
  stored: StoredFile,
  request: CdnRequest,
  fault: SettledFault | null,
  response: ServerResponse,
): Promise<void> {
  const { sizeBytes, tag, lastModified } = stored;
  const common = {
    'accept-ranges': 'bytes',
    'cache-control': 'public, max-age=3600',
    etag: tag,
    'last-modified': lastModified,
  };
  if (matchesTag(request.headers['if-none-match'], tag)) {
    response.writeHead(304, common).end();
    return;
  }
  const range = wantsRange(request, tag) ? parseRange(request.headers.range, sizeBytes) : null;
  if (range === 'unsatisfiable') {
    refuse(request, response, {
      status: 416,
      fields: { 'content-range': `bytes */${sizeBytes}` },
    });
    return;
  }
  const part = range ?? { start: 0, end: sizeBytes - 1 };
  response.writeHead(range ? 206 : 200, {
    ...common,
    'content-type': contentType(request.path),
    'content-length': part.end - part.start + 1,
    ...(range && { 'content-range': `bytes ${part.start}-${part.end}/${sizeBytes}` }),
  });
  if (request.method === 'HEAD' || sizeBytes === 0) response.end();
  else await sendBody(response, stored, part, fault);
}

function wantsRange({ method, headers }: CdnRequest, tag: string): boolean {
  // A range of something else than what the caller began with would be glued to it: all, then.
  const condition = headers['if-range'];
  return method === 'GET' && (condition === undefined || condition === tag);
}

function contentType(path: string): string {
  if (path.endsWith('.zst')) return 'application/zstd';
  if (path.endsWith('.gz')) return 'application/gzip';
  if (path.endsWith('.json')) return 'application/json';
  return path.endsWith('SHA256SUMS') ? 'text/plain' : 'application/octet-stream';
}
