import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { jetstream, type ConsumerMessages, type JsMsg } from '@nats-io/jetstream';
import { Server, type CustomTransportStrategy } from '@nestjs/microservices';
import type { NatsConnection } from '@nats-io/transport-node';
import { isObservable, lastValueFrom } from 'rxjs';
import type { Delivery } from './delivery.js';
import { Slots } from './slots.js';

/** Marks handlers of durable messages: `@EventPattern(SUBJECTS.x, JETSTREAM)`. */
export const JETSTREAM = Symbol('jetstream');

const RETRY_MS = 500;
const FAILED_MS = 2_000;
const FETCH_EXPIRY_MS = 5_000;
const CONFIRM_MS = 2_000;
/** Messages of usual size never come to it; those of the largest size do after some seventy. */
const AT_WORK_BYTES = 64 * 1024 * 1024;
/** Fetched ahead while the rest is at work. What waits here takes memory, and other servers cannot have it. */
const MAX_AHEAD = 256;

/** What a process consumes. */
export interface JetStreamServerOptions {
  readonly connection: NatsConnection;
  readonly stream: string;
  readonly durable: string;
  /** Where the JetStream API is, for an account that imports it; `$JS.API` unless told otherwise. */
  readonly apiPrefix?: string | undefined;
  /** Called before each (re)start of consuming; may create what is missing. */
  readonly prepare?: () => Promise<void>;
  /** How many messages are handled at a time; one unless told otherwise. */
  readonly inFlight?: number;
  /** Told of each message that is taken out of the queue unhandled, by its pattern. */
  readonly onDrop?: (pattern: string) => void;
}

/**
 * Durable delivery for Nest: `@EventPattern` methods get each message at least once, one after the
 * other; with `inFlight` more are begun before the first is done, still in the order of the stream,
 * and how they are kept in it from there on is the handlers' business. The pattern is the subject
 * without its last token, which names the builder. A message is acknowledged only when its handler's
 * {@link Delivery} says that it is done.
 */
export class JetStreamServer extends Server implements CustomTransportStrategy {
  override readonly transportId = JETSTREAM;
  private messages: ConsumerMessages | null = null;
  private isClosed = false;
  private loop: Promise<void> = Promise.resolve();

  constructor(private readonly options: JetStreamServerOptions) {
    super();
  }

  listen(callback: () => void): void {
    this.loop = this.consumeForever();
    callback();
  }

  async close(): Promise<void> {
    this.isClosed = true;
    this.messages?.stop();
    await this.loop;
  }

  on(): void {
    // The connection's own status is the place to watch; this transport raises no events.
  }

  unwrap(): never {
    throw new Error('ask for the NATS connection where it was made');
  }

  /** A lost stream, consumer or server ends one consumption, never the consuming. */
  private async consumeForever(): Promise<void> {
    while (!this.isStopping()) {
      try {
        await this.options.prepare?.();
        await this.consume();
      } catch (error) {
        if (this.isStopping()) return;
        this.logger.debug?.(`consuming ${this.options.stream} again: ${String(error)}`);
      }
      if (!this.isStopping()) await sleep(RETRY_MS);
    }
  }

  private async consume(): Promise<void> {
    const { connection, stream, durable, apiPrefix, inFlight = 1 } = this.options;
    const client = jetstream(connection, apiPrefix === undefined ? {} : { apiPrefix });
    const consumer = await client.consumers.get(stream, durable);
    this.messages = await consumer.consume({
      max_messages: Math.min(Math.ceil(inFlight / 2), MAX_AHEAD),
      expires: FETCH_EXPIRY_MS,
      abort_on_missing_resource: true,
    });
    // It may have been closed while the consumer was being set up.
    if (this.isStopping()) this.messages.stop();
    const slots = new Slots(inFlight, AT_WORK_BYTES);
    // What was fetched is handled even when it closes: given back, servers of 2.9 sometimes let a
    // message wait out its whole time.
    try {
      for await (const message of this.messages) {
        slots.take(message.data.length);
        void this.deliver(message, slots);
        if (slots.areFull) await slots.anyFree();
      }
    } finally {
      await slots.allFree();
      await this.confirm();
    }
  }

  private isStopping(): boolean {
    return this.isClosed;
  }

  /** Handles a message in a slot that is taken for it. */
  private async deliver(message: JsMsg, slots: Slots): Promise<void> {
    try {
      this.settle(message, await this.handle(message));
    } catch (error) {
      // Nothing but the connection can fail here; what was not acknowledged comes again.
      this.logger.debug?.(`${message.subject}: ${String(error)}`);
    } finally {
      slots.give(message.data.length);
    }
  }

  private settle(message: JsMsg, delivery: Delivery): void {
    switch (delivery.kind) {
      case 'done':
        // Nobody waits for the server's word on it: what it does not hear of it delivers again.
        message.ack();
        return;
      case 'retry':
        this.logger.warn(`${message.subject}: again in ${delivery.afterMs} ms: ${delivery.reason}`);
        message.nak(delivery.afterMs);
        return;
      case 'drop':
        this.logger.warn(`${message.subject}: dropped: ${delivery.reason}`);
        this.options.onDrop?.(patternOf(message));
        // Without the reason: servers before 2.10.4 do not take `+TERM reason` for a word at all, and
        // what stays unacknowledged blocks everybody once there is enough of it.
        message.term();
        return;
    }
  }

  /** Waits until the server has read what was acknowledged, or is not there to be waited for. */
  private async confirm(): Promise<void> {
    const late = AbortSignal.timeout(CONFIRM_MS);
    await Promise.race([this.options.connection.flush(), once(late, 'abort')]).catch(
      () => undefined,
    );
  }

  private async handle(message: JsMsg): Promise<Delivery> {
    const pattern = patternOf(message);
    // Not by Nest's own look-up, which tries to read each pattern as JSON first.
    const handler = this.messageHandlers.get(pattern);
    if (handler === undefined) return { kind: 'drop', reason: `nobody handles ${pattern}` };
    let data: unknown;
    try {
      data = message.json();
    } catch {
      return { kind: 'drop', reason: 'not JSON' };
    }
    try {
      const result: unknown = await handler(data, message);
      const delivery: unknown = isObservable(result) ? await lastValueFrom(result) : result;
      if (isDelivery(delivery)) return delivery;
      return { kind: 'retry', afterMs: FAILED_MS, reason: 'its handler said nothing' };
    } catch (error) {
      return { kind: 'retry', afterMs: FAILED_MS, reason: String(error) };
    }
  }
}

function patternOf({ subject }: JsMsg): string {
  return subject.slice(0, subject.lastIndexOf('.'));
}

function isDelivery(value: unknown): value is Delivery {
  return typeof value === 'object' && value !== null && 'kind' in value;
}
