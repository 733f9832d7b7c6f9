declare module 'vitest' {
  /** What the global setup of the integration specs tells each of them. */
  interface ProvidedContext {
    /** Connects a superuser to the database `postgres` of the shared server. */
    readonly postgresUrl: string;
    /** Where the shared nats-server answers. */
    readonly natsUrl: string;
  }
}

export {};
