import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** An answer: a value as JSON, or a text as it is. */
export interface Answer {
  readonly status?: number;
  readonly body: object | string;
}

/**
 * Something that answers at a coordinator's address: by path and method, or with 404. For what a real
 * coordinator does not do on demand: to be away, to be another program, to have bad evidence.
 */
export class StandIn {
  private server: Server | null = null;
  private port = 0;
  /** Every request as "METHOD path body", in order. */
  readonly requests: string[] = [];

  constructor(private readonly answers: Readonly<Record<string, Answer>>) {}

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Starts to answer; again at the same address after it was away. */
  async start(): Promise<this> {
    const server = createServer((request, response) => {
      request.setEncoding('utf8');
      let body = '';
      request.on('data', (text: string) => (body += text));
      request.on('end', () => {
        const subject = `${request.method ?? ''} ${request.url ?? ''}`;
        this.requests.push(`${subject} ${body}`.trimEnd());
        const answer = this.answers[subject] ?? { status: 404, body: '' };
        const isText = typeof answer.body === 'string';
        response.statusCode = answer.status ?? 200;
        response.end(isText ? answer.body : JSON.stringify(answer.body));
      });
    });
    server.listen(this.port, '127.0.0.1');
    await once(server, 'listening');
    this.port = (server.address() as AddressInfo).port;
    this.server = server;
    return this;
  }

  /** Stops to answer. */
  async leave(): Promise<void> {
    const { server } = this;
    if (server === null) return;
    this.server = null;
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    await closed;
  }
}
