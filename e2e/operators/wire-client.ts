import { createPrivateKey, sign } from 'node:crypto';
import { once } from 'node:events';
import { createConnection, type Socket } from 'node:net';
import { eventually } from '#libs/testing';

/** What an attacker signs in with. */
export interface WireCredentials {
  readonly jwt: string;
  /** 32 bytes. */
  readonly seed: Uint8Array;
}

/** One message that came in. */
export interface WireMessage {
  readonly subject: string;
  readonly text: string;
}

const PKCS8_HEAD = Buffer.from('302e020100300506032b657004220420', 'hex');

/**
 * A client that speaks NATS by hand, without the scruples of a client library: it sends what it is told.
 *
 * Source: NATS client protocol
 */
export class WireClient {
  /** What the server said against it, in its own words. */
  readonly errors: string[] = [];
  readonly messages: WireMessage[] = [];
  private received = Buffer.alloc(0);
  private pongs = 0;
  private closed = false;

  private constructor(private readonly socket: Socket) {
    socket.on('data', (chunk: Buffer) => {
      this.received = Buffer.concat([this.received, chunk]);
      this.read();
    });
    socket.on('error', () => undefined);
    socket.on('close', () => {
      this.closed = true;
    });
  }

  /** Signs in; the server's refusal is in `errors`. */
  static async open(url: string, { jwt, seed }: WireCredentials): Promise<WireClient> {
    const { hostname, port } = new URL(url);
    const socket = createConnection({ host: hostname, port: Number(port) });
    const [greeting] = (await once(socket, 'data')) as [Buffer];
    const { nonce } = JSON.parse(greeting.toString().slice('INFO '.length)) as { nonce: string };
    const client = new WireClient(socket);
    const der = Buffer.concat([PKCS8_HEAD, seed]);
    const key = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
    const sig = sign(null, Buffer.from(nonce), key).toString('base64url');
    const how = { verbose: false, pedantic: false, headers: true, no_responders: true };
    client.send(`CONNECT ${JSON.stringify({ ...how, jwt, sig, lang: 'hand', version: '1' })}\r\n`);
    await client.settle();
    return client;
  }

  get isClosed(): boolean {
    return this.closed;
  }

  send(line: string): void {
    this.socket.write(line);
  }

  publish(subject: string, body = '{}', reply = ''): void {
    const to = reply === '' ? subject : `${subject} ${reply}`;
    this.send(`PUB ${to} ${Buffer.byteLength(body)}\r\n${body}\r\n`);
  }

  subscribe(subject: string, id: number): void {
    this.send(`SUB ${subject} ${id}\r\n`);
  }

  /** Waits until the server has read everything that was sent, or has hung up. */
  async settle(): Promise<void> {
    const before = this.pongs;
    this.send('PING\r\n');
    await eventually(
      'an end of the exchange',
      () => Promise.resolve(this.pongs > before || this.closed),
      (isOver) => isOver,
    );
  }

  close(): void {
    this.socket.destroy();
  }

  private read(): void {
    for (;;) {
      const end = this.received.indexOf('\r\n');
      if (end < 0) return;
      const line = this.received.subarray(0, end).toString();
      const sizes = /^(?:H?MSG) (\S+) .*?(\d+)$/.exec(line);
      if (sizes === null) {
        this.received = this.received.subarray(end + 2);
        if (line === 'PONG') this.pongs += 1;
        if (line === 'PING') this.send('PONG\r\n');
        if (line.startsWith('-ERR')) this.errors.push(line);
        continue;
      }
      const [, subject = '', size = '0'] = sizes;
      const next = end + 2 + Number(size) + 2;
      if (this.received.length < next) return;
      this.messages.push({ subject, text: this.received.subarray(end + 2, next - 2).toString() });
      this.received = this.received.subarray(next);
    }
  }
}
