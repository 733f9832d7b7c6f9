import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect, type Socket } from 'node:net';

/** A proxy that opens tunnels and does nothing else. */
export interface ConnectProxy {
  readonly url: string;
  /** `host:port` of each tunnel so far. */
  readonly tunnels: readonly string[];
  close(): Promise<void>;
}

/**
 * Starts one.
 *
 * Source: RFC 9110, 9.3.6
 */
export async function startConnectProxy(host: string, port: number): Promise<ConnectProxy> {
  const tunnels: string[] = [];
  const open = new Set<Socket>();
  const server = createServer((_, response) => {
    response.writeHead(405).end();
  });
  server.on('connect', (request, caller: Socket, head: Buffer) => {
    const { hostname, port: target } = new URL(`https://${request.url ?? ''}`);
    tunnels.push(request.url ?? '');
    const callee = connect(Number(target === '' ? '443' : target), hostname, () => {
      caller.write('HTTP/1.1 200 Connection established\r\n\r\n');
      callee.write(head);
      callee.pipe(caller);
      caller.pipe(callee);
    });
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
    }
  });
  server.listen(port, host);
  await once(server, 'listening');
  return {
    url: `http://${host}:${port}`,
    tunnels,
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      for (const socket of open) socket.destroy();
      await closed;
    },
  };
}
