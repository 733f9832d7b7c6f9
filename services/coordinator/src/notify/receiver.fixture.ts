import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A message as it arrived. */
export interface Received {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** What a receiver answers; null to end the connection without a word. */
export type Answering = (
  received: Received,
) => { status: number; headers?: Record<string, string>; body?: string } | null;

/** A real receiver of webhooks, on this machine. */
export class Receiver {
  /** Everything that came, answered or not. */
  readonly all: Received[] = [];
  /** What was answered with 2xx. */
  readonly taken: Received[] = [];
  answer: Answering = () => ({ status: 204 });

  private constructor(private readonly server: Server) {}

  static async start(): Promise<Receiver> {
    const server = createServer();
    const receiver = new Receiver(server);
    server.on('request', (request, response) => {
      const parts: Buffer[] = [];
      request.on('data', (part: Buffer) => parts.push(part));
      request.on('end', () => {
        const body = Buffer.concat(parts).toString('utf8');
        const received = { path: request.url ?? '', headers: request.headers, body };
        receiver.all.push(received);
        const answer = receiver.answer(received);
        if (answer === null) {
          request.socket.destroy();
          return;
        }
        if (answer.status < 300) receiver.taken.push(received);
        response.writeHead(answer.status, answer.headers).end(answer.body);
      });
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return receiver;
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Ids of what was taken, in order. */
  get ids(): readonly string[] {
    return this.taken.map(({ headers }) => String(headers['webhook-id']));
  }

  clear(): void {
    this.all.length = 0;
    this.taken.length = 0;
    this.answer = () => ({ status: 204 });
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }
}
