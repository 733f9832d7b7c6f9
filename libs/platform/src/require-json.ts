import type { FastifyInstance } from 'fastify';
import { PROBLEM_BASE, type Problem } from '#libs/contracts';

/**
 * Refuses requests that change something unless they are sent as JSON. A page in somebody's browser
 * can post forms to an address on that machine without asking; JSON it cannot, since the browser
 * asks first and is never told yes.
 */
export function requireJson(server: FastifyInstance): void {
  server.addHook('onRequest', async (request, reply) => {
    const isRead = request.method === 'GET' || request.method === 'HEAD';
    const type = request.headers['content-type'] ?? '';
    if (isRead || /^application\/json\s*(;|$)/i.test(type)) return;
    const problem: Problem = {
      type: `${PROBLEM_BASE}/unsupported-media-type`,
      title: 'Unsupported Media Type',
      status: 415,
      detail: 'send application/json, an empty object where there is nothing to say',
    };
    await reply
      .status(problem.status)
      .header('content-type', 'application/problem+json')
      .send(problem);
  });
}
