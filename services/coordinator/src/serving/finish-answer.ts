import type { FastifyReply, FastifyRequest } from 'fastify';
import { byteRange } from './byte-range.js';
import { chooseCoding, compress, isCompressible, LEAST_CODED_BYTES } from './codings.js';
import { codedTag, entityTag, isKnown } from './entity-tag.js';
import type { Answer } from './kept-answer.js';

/** To be asked about each time, and not sent again as long as it is the same. */
const REVALIDATED = 'no-cache';
const NOT_KEPT = 'no-store';
/** Of one request or of the body's form. */
const OWN_HEADERS: ReadonlySet<string> = new Set([
  ...['ratelimit', 'ratelimit-policy', 'retry-after', 'date', 'connection', 'keep-alive'],
  ...['content-length', 'content-encoding', 'content-type', 'content-range', 'etag'],
]);

/** An answer as it goes out; `answer` is null for what cannot be given again. */
export interface FinishedAnswer {
  readonly body: unknown;
  readonly answer: Answer | null;
}

/** Gives a GET's answer its headers, and the form that its reader takes. */
export async function finishAnswer(
  request: FastifyRequest,
  reply: FastifyReply,
  payload: unknown,
): Promise<FinishedAnswer> {
  const isRead = request.method === 'GET' || request.method === 'HEAD';
  if (!isRead) return { body: payload, answer: null };
  sayHowLong(request, reply);
  const body = typeof payload === 'string' ? Buffer.from(payload) : payload;
  const isWhole = reply.statusCode === 200 && Buffer.isBuffer(body);
  if (!isWhole || reply.hasHeader('content-encoding')) return { body: payload, answer: null };
  const type = textOf(reply.getHeader('content-type'));
  const isCoded = isCompressible(type);
  if (isCoded) varyBy(reply, 'Accept-Encoding');
  const tag = textOf(reply.getHeader('etag')) || entityTag(body);
  const answer = { headers: lasting(reply), type, tag, body };
  return { body: await formed(request, reply, answer), answer };
}

async function formed(
  request: FastifyRequest,
  reply: FastifyReply,
  { type, tag, body }: Answer,
): Promise<Buffer | string | null> {
  const { headers } = request;
  void reply.header('etag', tag);
  if (isKnown(headers['if-none-match'], tag)) {
    void reply.status(304).removeHeader('content-type').removeHeader('content-length');
    // Fastify reads the length of what a HEAD would have.
    return request.method === 'HEAD' ? '' : null;
  }
  if (reply.getHeader('accept-ranges') === 'bytes') {
    const piece = pieceOf(request, reply, tag, body);
    if (piece !== null) return piece;
  }
  const coding =
    body.length >= LEAST_CODED_BYTES && isCompressible(type)
      ? chooseCoding(headers['accept-encoding'])
      : null;
  if (coding === null) return body;
  void reply
    .header('etag', codedTag(tag, coding))
    .header('content-encoding', coding)
    .removeHeader('content-length');
  return compress(body, coding, 'once');
}

/** The bytes that were asked for; null where that is all of them. */
function pieceOf(
  { headers, method }: FastifyRequest,
  reply: FastifyReply,
  tag: string,
  body: Buffer,
): Buffer | null {
  const ifRange = headers['if-range'];
  if (method !== 'GET' || (ifRange !== undefined && ifRange !== tag)) return null;
  const range = byteRange(headers.range, body.length);
  if (range === null) return null;
  void reply.removeHeader('content-length');
  if (range === 'beyond') {
    void reply.status(416).header('content-range', `bytes */${body.length}`);
    return Buffer.alloc(0);
  }
  const { start, end } = range;
  void reply.status(206).header('content-range', `bytes ${start}-${end - 1}/${body.length}`);
  return body.subarray(start, end);
}

function sayHowLong(request: FastifyRequest, reply: FastifyReply): void {
  if (reply.hasHeader('cache-control')) return;
  // What a token decides is for its holder alone; a refusal is true for a moment.
  const isShared = request.headers.authorization === undefined && reply.statusCode < 400;
  void reply.header('cache-control', isShared ? REVALIDATED : NOT_KEPT);
}

function varyBy(reply: FastifyReply, name: string): void {
  const vary = textOf(reply.getHeader('vary'));
  if (vary.toLowerCase().includes(name.toLowerCase())) return;
  void reply.header('vary', vary === '' ? name : `${vary}, ${name}`);
}

function lasting(reply: FastifyReply): readonly (readonly [string, string])[] {
  return Object.entries(reply.getHeaders()).flatMap(([name, value]) =>
    OWN_HEADERS.has(name) || value === undefined ? [] : [[name, textOf(value)] as const],
  );
}

function textOf(value: number | string | string[] | undefined): string {
  return Array.isArray(value) ? value.join(', ') : String(value ?? '');
}
