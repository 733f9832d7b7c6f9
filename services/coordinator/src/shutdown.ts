import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable, Logger, type INestApplication } from '@nestjs/common';
import type { NatsConnection } from '@nats-io/transport-node';
import { LeasesService } from './leases/leases.service.js';

/** What supervisors give a process before they kill it is seldom more. */
const LIMIT_MS = 10_000;
const NATS_PATIENCE_MS = 1_000;

/** Whether this coordinator is about to stop. */
@Injectable()
export class Shutdown {
  private begun = false;

  get isBegun(): boolean {
    return this.begun;
  }

  /** From now on nobody new is to be sent here. */
  begin(): void {
    this.begun = true;
  }
}

/** What has to end, beside what Nest ends. */
export interface ShutdownParts {
  readonly app: INestApplication;
  /** What takes builders' messages. */
  readonly consumer: { close(): Promise<void> };
  readonly nats: NatsConnection;
}

/**
 * Stops a coordinator so that nobody notices: first it is not ready; then it takes no more messages, and
 * ends, receipts and acknowledges those in hand while it still answers; leases go to the next one; then
 * requests are drained. After 10 s it is over all the same: what was not acknowledged comes again.
 */
export async function shutDown({ app, consumer, nats }: ShutdownParts): Promise<void> {
  const inOrder = async (): Promise<boolean> => {
    app.get(Shutdown).begin();
    // Where NATS is away, everything would wait out its patience with it, one after the other.
    if (!(await answers(nats))) await nats.close();
    await consumer.close();
    await app.get(LeasesService).release();
    await app.close();
    await nats.close();
    return true;
  };
  const isDone = await Promise.race([inOrder(), sleep(LIMIT_MS, false, { ref: false })]);
  if (!isDone) {
    new Logger(Shutdown.name).warn(`not all has ended within ${LIMIT_MS} ms: it ends here`);
  }
}

async function answers(nats: NatsConnection): Promise<boolean> {
  const flushed = nats.flush().then(
    () => true,
    () => false,
  );
  return Promise.race([flushed, sleep(NATS_PATIENCE_MS, false, { ref: false })]);
}
