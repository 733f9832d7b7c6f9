import { quote } from '#libs/encoding';
import { MessagingError } from './error.js';

/** How a server is reached: NATS over TCP, or within WebSocket frames. */
export type NatsTransport = 'tcp' | 'websocket';

/** Servers that are reached the same way. */
export interface ServerGroup {
  readonly transport: NatsTransport;
  readonly urls: readonly string[];
  /** Whether one of them is to be spoken to over TLS alone. */
  readonly isSecure: boolean;
}

const SCHEMES: Readonly<Record<string, readonly [NatsTransport, isSecure: boolean]>> = {
  'nats:': ['tcp', false],
  'tls:': ['tcp', true],
  'ws:': ['websocket', false],
  'wss:': ['websocket', true],
};

/**
 * Sorts servers by how they are reached; the transport that is named first comes first.
 *
 * @throws MessagingError BAD_URL for no URL at all, or one that is not `nats`, `tls`, `ws` or `wss`
 */
export function serverGroups(urls: readonly string[]): readonly ServerGroup[] {
  const groups = new Map<NatsTransport, { urls: string[]; isSecure: boolean }>();
  for (const url of urls) {
    const [transport, isSecure] = wayTo(url);
    const group = groups.get(transport) ?? { urls: [], isSecure: false };
    // One of them over TLS: the others then have to as well, or whoever blocks it reads along.
    groups.set(transport, { urls: [...group.urls, url], isSecure: group.isSecure || isSecure });
  }
  if (groups.size === 0) throw new MessagingError('BAD_URL', 'expected the URL of a NATS server');
  return [...groups].map(([transport, group]) => ({ transport, ...group }));
}

function wayTo(url: string): readonly [NatsTransport, boolean] {
  const way = URL.canParse(url) ? SCHEMES[new URL(url).protocol] : undefined;
  if (way !== undefined) return way;
  throw new MessagingError(
    'BAD_URL',
    `${quote(url)} is not the URL of a NATS server: expected nats://, tls://, ws:// or wss://`,
  );
}
