import type { FastifyRequest } from 'fastify';
import type { Config } from '../config.js';

/** A name or address with an optional port; what else a request says of its host is not repeated. */
const HOST = /^(?:[a-z0-9.-]{1,253}|\[[0-9a-f:.]{2,45}\])(?::\d{1,5})?$/i;

/** Gives the address under which readers find this coordinator, without a path. */
export function publicOrigin(
  { PUBLIC_URL, HOST: host, PORT }: Config,
  request?: Pick<FastifyRequest, 'protocol' | 'host'>,
): string {
  if (PUBLIC_URL !== undefined) return PUBLIC_URL;
  if (request !== undefined && HOST.test(request.host)) {
    return `${request.protocol}://${request.host}`;
  }
  return `http://${host}:${PORT}`;
}
