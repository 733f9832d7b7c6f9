import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';

/** Who a relay is, where it speaks TLS. */
export interface RelayIdentity {
  readonly cert: string;
  readonly key: string;
}

/** A door at another address. */
export interface Relay {
  readonly port: number;
  close(): Promise<void>;
}

/**
 * Serves at another address what answers at a port of the loopback address, over TLS where there is an
 * identity.
 */
export async function startRelay(
  at: { readonly host: string; readonly port: number },
  targetUrl: string,
  identity: RelayIdentity | null = null,
): Promise<Relay> {
  const target = Number(new URL(targetUrl).port);
  const open = new Set<Socket>();
  const serve = (caller: Socket): void => {
    const callee = connect(target, '127.0.0.1');
    for (const [from, to] of [
      [caller, callee],
      [callee, caller],
    ] as const) {
      open.add(from);
      from.on('error', () => to.destroy());
      from.on('close', () => {
        open.delete(from);
        to.destroy();
      });
      from.pipe(to);
    }
  };
  const server: Server = identity === null ? createServer(serve) : createTlsServer(identity, serve);
  server.listen(at.port, at.host);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    port,
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      for (const socket of open) socket.destroy();
      await closed;
    },
  };
}
