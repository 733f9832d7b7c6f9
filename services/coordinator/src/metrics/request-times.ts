import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { withLogFields } from '#libs/platform';
import type { CoordinatorMeters } from './coordinator-meters.js';

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

/** What of a path lines in the log are about. */
const About = z.object({ round: z.string(), builder: z.string() }).partial();

/** Has every line that a request leads to say which round or builder it is about. */
export function nameRequests(server: FastifyInstance): void {
  server.addHook('onRequest', (request, _reply, done) => {
    withLogFields(About.safeParse(request.params).data ?? {}, done);
  });
}

/** Measures every answer, by the route as it is declared: paths have ids, of which there are ever more. */
export function measureRequests(server: FastifyInstance, meters: CoordinatorMeters): void {
  const seconds = meters.histogram('quorum_http_request_duration_seconds');
  server.addHook('onResponse', (request, reply, done) => {
    const { url } = request.routeOptions;
    const labels = {
      method: METHODS.includes(request.method) ? request.method : 'other',
      route: url === undefined || url === '*' ? 'unmatched' : url,
      status: `${Math.floor(reply.statusCode / 100)}xx`,
    };
    seconds.observe(labels, reply.elapsedTime / 1000);
    done();
  });
}

/** Measures reads that were answered before any hook, like the others. */
export function observeReads(meters: CoordinatorMeters): (route: string, seconds: number) => void {
  const histogram = meters.histogram('quorum_http_request_duration_seconds');
  return (route, seconds) => {
    histogram.observe({ method: 'GET', route, status: '2xx' }, seconds);
  };
}
