declare module 'vitest' {
  /** What the global setup of the integration specs tells each of them. */
  interface ProvidedContext {
    /** Connects a superuser to the database `postgres` of the shared server. */
    readonly postgresUrl: string;
    /** Where the shared nats-servers answer, one for each worker. */
    readonly natsUrls: readonly string[];
  }
}

export {};
