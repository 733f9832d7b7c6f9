import type { FastifyInstance } from 'fastify';
import { problemOf } from './problem.filter.js';

/**
 * Refuses requests that change something unless they are sent as JSON. A page in somebody's browser
 * can post forms to an address on that machine without asking; JSON it cannot, since the browser
 * asks first and is never told yes.
 *
 * @param options - paths that take what they are sent: nothing is believed there for who sent it
 */
export function requireJson(
  server: FastifyInstance,
  { except }: { readonly except: readonly string[] } = { except: [] },
): void {
  server.addHook('onRequest', async (request, reply) => {
    const isRead = request.method === 'GET' || request.method === 'HEAD';
    const type = request.headers['content-type'] ?? '';
    const [path = ''] = request.url.split('?');
    if (isRead || except.includes(path)) return;
    if (/^application\/json\s*(;|$)/i.test(type)) return;
    await problemOf(reply, {
      status: 415,
      code: 'unsupported-media-type',
      detail: 'send application/json, an empty object where there is nothing to say',
    });
  });
}

/** Reads a body of any content type, or of none, as its bytes: where no other reader is for it. */
export function takeAnyText(server: FastifyInstance): void {
  server.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => {
    done(null, body);
  });
}
