import {
  AckPolicy,
  JetStreamApiError,
  jetstreamManager,
  RetentionPolicy,
  StorageType,
  type JetStreamManager,
  type StreamConfig,
} from '@nats-io/jetstream';
import { nanos, type NatsConnection } from '@nats-io/transport-node';
import { z } from 'zod';
import {
  ATTEST_STREAM,
  builderDurable,
  COORDINATOR_DURABLE,
  DISPATCH_STREAM,
  inboxOf,
  type StreamDefinition,
} from '#libs/contracts';

/**
 * How long a message stays with whoever took it. Handling takes well under a second; what a killed
 * coordinator held comes to another one after this.
 */
const ACK_WAIT_MS = 20_000;
/** Several coordinators at full speed: where one holds all of it, the others get nothing. */
const MAX_UNACKNOWLEDGED = 4096;

const API_TIMEOUT_MS = 5_000;
/** In a cluster each stream lies on three servers: one may go, and none of it does. */
const CLUSTER_REPLICAS = 3;

/** A page of `$JS.API.CONSUMER.NAMES`; an error has neither field. */
const ConsumerNames = z.object({
  total: z.number().optional(),
  consumers: z.array(z.string()).nullish(),
});

/** What {@link ensureStreams} found. */
export interface StreamsFound {
  /** The dispatch stream did not exist: whatever was sent before is lost and has to be sent again. */
  readonly dispatchWasMissing: boolean;
}

/**
 * Creates the streams and the coordinators' shared consumer where they are missing. `beforeDispatch`
 * runs before a missing dispatch stream is made: a crash after making it would otherwise leave
 * nobody who knows that messages were lost.
 */
export async function ensureStreams(
  connection: NatsConnection,
  beforeDispatch: () => Promise<void> = () => Promise.resolve(),
): Promise<StreamsFound> {
  const manager = await jetstreamManager(connection);
  const replicas = connection.info?.cluster === undefined ? 1 : CLUSTER_REPLICAS;
  const dispatchWasMissing = (await findStream(manager, DISPATCH_STREAM)) === null;
  if (dispatchWasMissing) await beforeDispatch();
  await ensureStream(manager, DISPATCH_STREAM, replicas);
  await ensureStream(manager, ATTEST_STREAM, replicas);
  await manager.consumers.add(ATTEST_STREAM.name, {
    durable_name: COORDINATOR_DURABLE,
    ack_policy: AckPolicy.Explicit,
    ack_wait: nanos(ACK_WAIT_MS),
    max_deliver: -1,
    max_ack_pending: MAX_UNACKNOWLEDGED,
  });
  return { dispatchWasMissing };
}

/** Creates the consumer through which one builder is told things. Repeating it changes nothing. */
export async function ensureBuilderConsumer(
  connection: NatsConnection,
  builder: string,
): Promise<void> {
  const manager = await jetstreamManager(connection);
  await manager.consumers.add(DISPATCH_STREAM.name, {
    durable_name: builderDurable(builder),
    filter_subject: inboxOf(builder),
    ack_policy: AckPolicy.Explicit,
    ack_wait: nanos(ACK_WAIT_MS),
    max_deliver: -1,
    max_ack_pending: 16,
  });
}

/**
 * Does what {@link ensureBuilderConsumer} does for many builders, with one look at which of them have
 * theirs: making one again costs the server a write.
 */
export async function ensureBuilderConsumers(
  connection: NatsConnection,
  builders: Iterable<string>,
): Promise<void> {
  const existing = await consumerNames(connection);
  for (const builder of new Set(builders)) {
    if (!existing.has(builderDurable(builder))) await ensureBuilderConsumer(connection, builder);
  }
}

/** Lists the consumers of the dispatch stream; none where there is no such stream. */
async function consumerNames(connection: NatsConnection): Promise<ReadonlySet<string>> {
  const names = new Set<string>();
  for (let total = Infinity; names.size < total;) {
    const answer = await connection.request(
      `$JS.API.CONSUMER.NAMES.${DISPATCH_STREAM.name}`,
      JSON.stringify({ offset: names.size }),
      { timeout: API_TIMEOUT_MS },
    );
    const page = ConsumerNames.parse(answer.json());
    const before = names.size;
    for (const name of page.consumers ?? []) names.add(name);
    total = names.size === before ? names.size : (page.total ?? 0);
  }
  return names;
}

async function findStream(
  manager: JetStreamManager,
  { name }: StreamDefinition,
): Promise<StreamConfig | null> {
  try {
    return (await manager.streams.info(name)).config;
  } catch (error) {
    if (error instanceof JetStreamApiError && error.status === 404) return null;
    throw error;
  }
}

async function ensureStream(
  manager: JetStreamManager,
  stream: StreamDefinition,
  replicas: number,
): Promise<void> {
  const perSubject = { max_msgs_per_subject: stream.maxMessagesPerSubject ?? -1 };
  const existing = await findStream(manager, stream);
  if (existing !== null) {
    // One that an older version made has no such limit.
    const isAsNow = existing.max_msgs_per_subject === perSubject.max_msgs_per_subject;
    if (!isAsNow) await manager.streams.update(stream.name, perSubject);
    return;
  }
  await manager.streams.add({
    ...perSubject,
    name: stream.name,
    subjects: [...stream.subjects],
    retention:
      stream.retention === 'workqueue' ? RetentionPolicy.Workqueue : RetentionPolicy.Limits,
    storage: StorageType.File,
    num_replicas: replicas,
    max_age: nanos(stream.maxAgeSeconds * 1000),
    duplicate_window: nanos(stream.duplicateWindowSeconds * 1000),
    max_msg_size: stream.maxMessageBytes,
    // What was submitted is not for anyone on the wire to remove.
    deny_delete: stream.retention === 'limits',
    deny_purge: stream.retention === 'limits',
  });
}
