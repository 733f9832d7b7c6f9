/** A JetStream stream as plain data: messaging creates it, deployments print it. */
export interface StreamDefinition {
  readonly name: string;
  readonly subjects: readonly string[];
  readonly retention: 'workqueue' | 'limits';
  readonly maxAgeSeconds: number;
  /** Within it the server drops a message whose id it has seen. */
  readonly duplicateWindowSeconds: number;
  readonly maxMessageBytes: number;
  /** Beyond it the oldest message of the same subject, and so of the same builder, goes; null: none does. */
  readonly maxMessagesPerSubject: number | null;
}

/** What coordinators tell builders. Rebuilt from the database whenever it is lost. */
export const DISPATCH_STREAM: StreamDefinition = {
  name: 'DISPATCH',
  subjects: ['quorum.v1.to-builder.>'],
  retention: 'workqueue',
  maxAgeSeconds: 30 * 86_400,
  duplicateWindowSeconds: 120,
  maxMessageBytes: 1_000_000,
  maxMessagesPerSubject: null,
};

/** What builders tell coordinators. Rebuilt from their outboxes whenever it is lost. */
export const ATTEST_STREAM: StreamDefinition = {
  name: 'ATTEST',
  subjects: ['quorum.v1.from-builder.>'],
  retention: 'limits',
  maxAgeSeconds: 30 * 86_400,
  duplicateWindowSeconds: 600,
  maxMessageBytes: 1_000_000,
  // A builder that floods loses its own words, which an honest one sends again, and no disk is filled.
  maxMessagesPerSubject: 2_048,
};

/** The durable consumer that all coordinators share on {@link ATTEST_STREAM}. */
export const COORDINATOR_DURABLE = 'coordinator';

/** Names the durable consumer of one builder on {@link DISPATCH_STREAM}. */
export function builderDurable(builder: string): string {
  return builder;
}

/**
 * Where a builder with an account of its own finds the JetStream API: the part of the coordinator's that
 * it may use. On a server without accounts it is `$JS.API`, as anywhere.
 */
export const BUILDER_API_PREFIX = 'CO.API';
