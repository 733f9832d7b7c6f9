import { once } from 'node:events';
import { createServer } from 'node:net';

/** Asks the kernel for a TCP port on 127.0.0.1 that is free now, though not reserved. */
export async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new TypeError('no port was given');
  return address.port;
}
