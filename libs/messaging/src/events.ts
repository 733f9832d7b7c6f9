import { ClientNats, ServerNats } from '@nestjs/microservices';
import type {
  NatsConnection,
  Status,
  Subscription,
  SubscriptionOptions,
} from '@nats-io/transport-node';
import { FloodGate } from './flood.js';

/** As much of a connection as Nest's stock transport uses. */
interface SharedConnection {
  subscribe(subject: string, options: SubscriptionOptions): Subscription;
  status(): AsyncIterable<Status>;
  close(): Promise<void>;
}

/** What {@link NatsEventServer} listens on. */
export interface NatsEventServerOptions {
  /** Stays open when the server closes. */
  readonly connection: NatsConnection;
  /** Each event comes to one of all processes with the same one. */
  readonly queue: string;
  /** Told of each event that is dropped, since its sender sends too many, by its subject. */
  readonly onFlood?: (subject: string) => void;
}

/** Events of one subject a second. An agent sends two in a good one. */
const EVENTS_PER_SECOND = 20;

/**
 * Nest's stock NATS transport for events, on a connection that is there already: it is signed in, it
 * may run over WebSocket, and an account may have few. Events are answered by nobody: with a number in
 * its message, whoever sends one would have Nest answer to wherever it wants.
 */
export class NatsEventServer extends ServerNats {
  constructor(private readonly shared: NatsEventServerOptions) {
    super({ queue: shared.queue });
  }

  override createNatsClient(): Promise<SharedConnection> {
    const { connection, onFlood } = this.shared;
    const subscriptions: Subscription[] = [];
    const gate = new FloodGate(EVENTS_PER_SECOND, () => performance.now());
    return Promise.resolve({
      subscribe: (subject: string, { callback, ...options }: SubscriptionOptions) => {
        const subscription = connection.subscribe(subject, {
          ...options,
          callback: (error, message) => {
            if (error === null && !gate.lets(message.subject)) onFlood?.(message.subject);
            else void callback?.(error, message);
          },
        });
        subscriptions.push(subscription);
        return subscription;
      },
      status: () => connection.status(),
      close: async () => {
        if (connection.isClosed()) return;
        await Promise.all(subscriptions.map((subscription) => subscription.drain()));
      },
    });
  }

  override getPublisher(): () => void {
    return () => undefined;
  }
}

/** Sends events of Nest's stock NATS transport on a connection that is there already, and stays open. */
export class NatsEventClient extends ClientNats {
  constructor(private readonly shared: { readonly connection: NatsConnection }) {
    super({});
  }

  override createClient(): Promise<Record<string, unknown>> {
    const { connection } = this.shared;
    return Promise.resolve({
      publish: (...sent: Parameters<NatsConnection['publish']>) => {
        connection.publish(...sent);
      },
      status: () => connection.status(),
      close: () => Promise.resolve(),
    });
  }
}
