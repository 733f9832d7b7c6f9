import httpProxy from '@fastify/http-proxy';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { problemOf } from '#libs/platform';
import type { AccessConfig } from './access-config.js';
import { HitWindows } from './hit-windows.js';

/** Where builders find NATS, beside the API: one port suffices for them. */
export const NATS_PATH = '/nats';
const MINUTE_MS = 60_000;
const HANDSHAKE_MS = 10_000;
/** More than any message that NATS takes. */
const MESSAGE_BYTES = 16 * 1024 * 1024;
/** What may wait here for somebody who does not read, before he is let go. */
const BACKLOG_BYTES = 64 * 1024 * 1024;

/** A WebSocket, as far as it matters here: its library comes without types. */
interface Wire {
  readonly bufferedAmount: number;
  terminate(): void;
}

/**
 * Hands WebSockets at `/nats` on to NATS. Who may say what there is for NATS alone: nothing is read here,
 * and no header of the caller goes along.
 */
export async function serveNats(app: NestFastifyApplication, config: AccessConfig): Promise<void> {
  const { NATS_WEBSOCKET_URL: url, CHANGES_PER_MINUTE: limit } = config;
  if (url === undefined) return;
  const windows = new HitWindows();
  await app.register(httpProxy, {
    prefix: NATS_PATH,
    upstream: url.replace(/^ws/, 'http'),
    rewritePrefix: '/',
    routes: ['/'],
    httpMethods: ['GET'],
    websocket: true,
    proxyPayloads: false,
    preHandler: (request, reply, done) => {
      if (request.headers.upgrade?.toLowerCase() !== 'websocket') {
        void problemOf(reply, {
          status: 426,
          code: 'upgrade-required',
          detail: 'this is where NATS takes WebSockets: connect with wss://',
          headers: { upgrade: 'websocket' },
        });
        return;
      }
      const { isBlocked, timeToBlockExpire } = windows.count(request.ip, MINUTE_MS, limit);
      if (!isBlocked) {
        done();
        return;
      }
      void problemOf(reply, {
        status: 429,
        code: 'too-many-requests',
        detail: `more than ${limit} connections within a minute came from this address`,
        headers: { 'retry-after': `${timeToBlockExpire}` },
      });
    },
    wsServerOptions: { maxPayload: MESSAGE_BYTES, perMessageDeflate: false },
    wsClientOptions: {
      ...{ maxPayload: MESSAGE_BYTES, perMessageDeflate: false, handshakeTimeout: HANDSHAKE_MS },
      rewriteRequestHeaders: () => ({}),
    },
    wsHooks: {
      // NATS lets go of whoever reads too slowly; what it wrote to here would never tell it.
      onOutgoingMessage: (_context, source) => {
        requireReading(source);
      },
      onIncomingMessage: (_context, _source, target) => {
        requireReading(target);
      },
    },
  });
}

function requireReading(wire: unknown): void {
  if (isWire(wire) && wire.bufferedAmount > BACKLOG_BYTES) wire.terminate();
}

function isWire(value: unknown): value is Wire {
  return typeof value === 'object' && value !== null && 'bufferedAmount' in value;
}
