import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { NatsConnection, Subscription } from '@nats-io/transport-node';
import { createSigner, type Signer } from '#libs/attestation';
import { CosigningAsked, SUBJECTS, subjectFor, type CosigningAnswer } from '#libs/contracts';
import {
  cosign,
  decideCosigning,
  formatCosignerVkey,
  formatTreeSize,
  openWitnessRequest,
  TREE_SIZE_TYPE,
  type Checkpoint,
  type KnownLogs,
} from '#libs/tlog';

/** A real witness, in memory, that a spec can look into and turn bad. */
export class PlayedWitness {
  readonly signer: Signer;
  /** Bodies of all requests, in order. */
  readonly asked: string[] = [];
  stored: Checkpoint | null = null;
  /** Instead of an honest answer. */
  lie: ((honest: CosigningAnswer) => CosigningAnswer | Promise<CosigningAnswer>) | null = null;
  private server: Server | null = null;
  private subscription: Subscription | null = null;

  constructor(
    readonly label: string,
    seed: number,
    /** The name in its signature lines: of an agent the builder's id. */
    readonly keyName: string,
  ) {
    this.signer = createSigner(new Uint8Array(32).fill(seed));
  }

  /** Its line in a policy. */
  line(url?: string): string {
    const vkey = formatCosignerVkey(this.keyName, this.signer.publicKey);
    return ['witness', this.label, vkey, ...(url === undefined ? [] : [url])].join(' ');
  }

  async answer(body: string, logs: KnownLogs): Promise<CosigningAnswer> {
    this.asked.push(body);
    const honest = this.decide(body, logs);
    return this.lie === null ? honest : this.lie(honest);
  }

  /** Serves tlog-witness and gives the URL. */
  async serve(logs: () => KnownLogs): Promise<string> {
    const server = createServer((request, response) => {
      void text(request)
        .then((body) => this.answer(body, logs()))
        .then(({ status, body }) => {
          const type = status === 409 ? TREE_SIZE_TYPE : 'text/plain';
          response.writeHead(status, { 'content-type': type }).end(body);
        });
    });
    this.server = server;
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  /** Answers as the agent of the builder that its key is named after. */
  listen(nats: NatsConnection, logs: () => KnownLogs): void {
    this.subscription = nats.subscribe(subjectFor(SUBJECTS.cosign, this.keyName), {
      callback: (error, message) => {
        if (error !== null) return;
        const { body } = CosigningAsked.parse(message.json());
        void this.answer(body, logs()).then((answer) => {
          message.respond(JSON.stringify(answer));
        });
      },
    });
  }

  async stop(): Promise<void> {
    this.subscription?.unsubscribe();
    const { server } = this;
    this.server = null;
    server?.closeAllConnections();
    if (server !== null) await new Promise((resolve) => server.close(resolve));
  }

  private decide(body: string, logs: KnownLogs): CosigningAnswer {
    const request = openWitnessRequest(body, logs);
    const decided = request.kind === 'open' ? decideCosigning(request, this.stored) : request;
    switch (decided.kind) {
      case 'cosign': {
        this.stored = decided.next;
        const { publicKey } = this.signer;
        const sign = (message: Uint8Array): Uint8Array => this.signer.sign(message);
        const timeS = Math.floor(Date.now() / 1000);
        return {
          status: 200,
          body: cosign(decided.text, { name: this.keyName, publicKey, sign, timeS }),
        };
      }
      case 'conflict':
        return { status: 409, body: formatTreeSize(decided.size) };
      case 'refused':
        return { status: decided.status, body: decided.reason };
    }
  }
}
