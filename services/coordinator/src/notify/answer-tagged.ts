import type { FastifyReply, FastifyRequest } from 'fastify';
import { sha256 } from '#libs/encoding';

/** A text that many ask for again and again. */
export interface Tagged {
  readonly type: string;
  readonly body: string;
  readonly maxAgeSeconds: number;
}

/** Answers with a text and its tag; to whoever has it already, with nothing (304). Source: RFC 9110, 13 */
export async function answerTagged(
  request: FastifyRequest,
  reply: FastifyReply,
  { type, body, maxAgeSeconds }: Tagged,
): Promise<void> {
  const tag = `"${sha256(body).slice(0, 32)}"`;
  void reply.header('etag', tag).header('cache-control', `public, max-age=${maxAgeSeconds}`);
  const known = (request.headers['if-none-match'] ?? '').split(',').map((each) => each.trim());
  if (known.some((each) => each === '*' || each.replace(/^W\//, '') === tag)) {
    await reply.code(304).send();
    return;
  }
  await reply.code(200).type(type).send(body);
}
