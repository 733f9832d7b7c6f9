import { once } from 'node:events';
import { createConnection } from 'node:net';

const GREETING_TIMEOUT_MS = 2_000;

/**
 * Tells whether a NATS server greets a client on a port of this machine. It does so only after it has
 * recovered its streams.
 *
 * Source: NATS client protocol, INFO
 */
export async function greets(port: number, host = '127.0.0.1'): Promise<boolean> {
  const socket = createConnection({ host: host.replace(/^\[|\]$/g, ''), port });
  try {
    const signal = AbortSignal.timeout(GREETING_TIMEOUT_MS);
    const [first] = (await once(socket, 'data', { signal })) as [Buffer];
    return first.toString('latin1').startsWith('INFO ');
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
