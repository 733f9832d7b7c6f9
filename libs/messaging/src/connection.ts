import { setTimeout as sleep } from 'node:timers/promises';
import {
  connect,
  wsconnect,
  type ConnectionOptions,
  type NatsConnection,
} from '@nats-io/transport-node';
import { authenticatorOf, type NatsCredentials } from './credentials.js';
import { identityOf } from './server-identity.js';
import { serverGroups, type ServerGroup } from './server-url.js';
import { trustAuthorities } from './trusted-authorities.js';

/** How a process reaches NATS. */
export interface NatsOptions {
  /**
   * Such as `nats://127.0.0.1:4222`; `tls://`, `ws://` and `wss://` as well. Several are ways to the
   * same servers: those of one transport are taken in turn, and the transport that answers first is
   * kept. All connections of a process have to be of one transport: the client has one setting for all.
   */
  readonly url: string | readonly string[];
  /** Shown in the server's connection list. */
  readonly name: string;
  /** What to sign in with; none on a server without accounts. */
  readonly credentials?: NatsCredentials | undefined;
  /**
   * PEM file of certificate authorities to trust beside the usual ones, in this whole process. With it
   * nothing is sent to `nats://` either but over TLS.
   */
  readonly caFile?: string | undefined;
}

const RECONNECT_MS = 500;
/** A thousand builders that are refused, or whose server starts again, come at times of their own. */
const SPREAD_MS = 2_000;
/** How long one transport has where there is another. */
const ATTEMPT_MS = 10_000;

/**
 * Connects, waits for a server that is not up yet, and reconnects for ever: a builder outlives any
 * restart of its server. A server that refuses the credentials is asked again as well: what is refused
 * today may be admitted tomorrow.
 *
 * @throws MessagingError BAD_URL for a URL of another scheme; RangeError for a seed that is none; what
 *   {@link trustAuthorities} throws
 */
export async function connectNats(options: NatsOptions): Promise<NatsConnection> {
  const { url, caFile } = options;
  const groups = serverGroups(typeof url === 'string' ? [url] : url);
  if (caFile !== undefined) await trustAuthorities(caFile);
  const [only] = groups;
  if (only !== undefined && groups.length === 1) {
    return open(only, { ...settings(only, options), waitOnFirstConnect: true });
  }
  for (;;) {
    for (const group of groups) {
      const once = { ...settings(group, options), timeout: ATTEMPT_MS };
      const connection = await open(group, once).catch(() => null);
      if (connection !== null) return connection;
    }
    await sleep(RECONNECT_MS);
  }
}

function open({ transport }: ServerGroup, how: ConnectionOptions): Promise<NatsConnection> {
  return transport === 'tcp' ? connect(how) : wsconnect(how);
}

function settings(group: ServerGroup, { name, credentials, caFile }: NatsOptions) {
  const isTcp = group.transport === 'tcp';
  // The client hands on whatever `tls.connect` takes.
  const tls = { handshakeFirst: false, checkServerIdentity: identityOf(group.urls) };
  return {
    servers: [...group.urls],
    name,
    maxReconnectAttempts: -1,
    reconnectTimeWait: RECONNECT_MS,
    ...(credentials !== undefined && {
      ...{ reconnectJitter: SPREAD_MS, reconnectJitterTLS: SPREAD_MS },
    }),
    pingInterval: 20_000,
    // Each question would have the stack of its asker taken, which costs more than to send it.
    noAsyncTraces: true,
    // A proxy is in front of these: the servers' own addresses say nothing to whoever comes this way.
    ignoreClusterUpdates: !isTcp,
    ...(isTcp && (group.isSecure || caFile !== undefined) && { tls }),
    ...(credentials !== undefined && {
      authenticator: authenticatorOf(credentials),
      ignoreAuthErrorAbort: true,
    }),
  } satisfies ConnectionOptions;
}
