import type { Server } from 'node:http';
import helmet from '@fastify/helmet';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyHttpOptions, FastifyInstance } from 'fastify';
import { ROUTES } from '#libs/contracts';
import { problemOf, refuseBroken, refuseRequest } from '#libs/platform';
import type { AccessConfig } from './access-config.js';
import { serveNats } from './nats-proxy.js';
import type { TlsIdentity } from './tls.js';

const KIB = 1024;
/** The largest body that anything takes: an envelope, with what comes beside it. */
const BODY_LIMIT_BYTES = 2 * KIB * KIB;
const BODY_LIMITS_BYTES: Readonly<Record<string, number>> = {
  [`/${ROUTES.rounds}`]: 128 * KIB,
  [`/${ROUTES.rounds}/:round/amend`]: 64 * KIB,
  [`/${ROUTES.rounds}/:round/close`]: KIB,
  [`/${ROUTES.tokens}`]: 4 * KIB,
  [`/${ROUTES.tokens}/:id`]: KIB,
  [`/${ROUTES.keys}`]: 128 * KIB,
};
const HEADER_BYTES = 16 * KIB;
const HEADERS_MS = 10_000;
/** An answer that takes longer than anything here does: whoever has not read it by then never will. */
const IDLE_MS = 180_000;
/** What looks like a token in an address is in the logs of every proxy on the way. */
const TOKEN_IN_URL = /[?&](access_token|token|authorization)=|\brq[a-z]_[0-9a-f]{12}/i;

/** How the server is to be made: who is believed, and how long anybody is waited for. */
export function serverOptions(
  config: AccessConfig,
  tls: TlsIdentity | null,
): FastifyHttpOptions<Server> {
  const requestMs = config.REQUEST_SECONDS * 1000;
  const http = {
    maxHeaderSize: HEADER_BYTES,
    headersTimeout: Math.min(HEADERS_MS, requestMs),
    // Slow senders are looked for this often.
    connectionsCheckingInterval: 1_000,
  };
  const options: FastifyHttpOptions<Server> = {
    ...{ bodyLimit: BODY_LIMIT_BYTES, frameworkErrors: refuseRequest },
    clientErrorHandler: refuseBroken,
    ...{ requestTimeout: requestMs, connectionTimeout: IDLE_MS },
    trustProxy: config.TRUSTED_PROXIES.length > 0 ? config.TRUSTED_PROXIES : false,
  };
  if (tls === null) return { ...options, http };
  return Object.assign(options, { https: { ...http, ...tls, minVersion: 'TLSv1.2' } });
}

/** Sets up what every request meets before any route does. */
export async function guardFrontDoor(
  app: NestFastifyApplication,
  config: AccessConfig,
): Promise<void> {
  const server = app.getHttpAdapter().getInstance();
  server.addHook('onRoute', (route) => {
    const limit = BODY_LIMITS_BYTES[route.url];
    if (limit !== undefined) route.bodyLimit = limit;
  });
  refuseTokensInUrls(server);
  letOriginsRead(server, config.CORS_ORIGINS);
  await app.register(helmet, {
    // An API has nothing to show: a page that is served one day brings a policy of its own.
    contentSecurityPolicy: {
      useDefaults: false,
      directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] },
    },
    referrerPolicy: { policy: 'no-referrer' },
    crossOriginResourcePolicy: { policy: 'same-origin' },
    strictTransportSecurity: config.TLS_CERT_FILE !== undefined,
  });
  await serveNats(app, config);
}

function refuseTokensInUrls(server: FastifyInstance): void {
  server.addHook('onRequest', async (request, reply) => {
    if (!TOKEN_IN_URL.test(request.url)) return;
    await problemOf(reply, {
      status: 400,
      code: 'token-in-url',
      detail: 'a token in an address is in many logs: revoke it, and send the next as a header',
    });
  });
}

/** Pages of other origins may read what everybody may read; nothing is ever sent in a user's name. */
function letOriginsRead(server: FastifyInstance, origins: readonly string[]): void {
  if (origins.length === 0) return;
  server.addHook('onRequest', (request, reply, done) => {
    const { origin } = request.headers;
    void reply.header('vary', 'Origin');
    const isRead = request.method === 'GET' || request.method === 'HEAD';
    if (isRead && origin !== undefined && origins.includes(origin)) {
      void reply
        .header('access-control-allow-origin', origin)
        .header('access-control-expose-headers', 'ETag, RateLimit, RateLimit-Policy, Retry-After');
    }
    done();
  });
}
