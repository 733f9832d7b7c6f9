import { z } from 'zod';

/** Where a message is when a stream acknowledges it: on the disk, or where a power cut takes it. */
export type DurabilityMode = 'fsync' | 'page-cache';

/** Durability of a server, and what tells so. */
export interface Durability {
  readonly mode: DurabilityMode;
  readonly reason: string;
}

/**
 * The part of a server's JetStream configuration that decides. Servers before 2.10 have neither field.
 *
 * Source: nats-server, server/jetstream.go, JetStreamConfig
 */
const JetStreamConfig = z.object({
  sync_always: z.boolean().optional(),
  sync_interval: z.number().optional(),
});

/**
 * Tells how durable a server's acknowledgement is. What is not known is not durable.
 *
 * @param version of the server, such as `2.9.10`
 * @param config what its `JSZ` with `config` tells of JetStream; null where it was not asked
 *
 * Source: nats-server pull request 4483 (`sync_interval`); https://jepsen.io/analyses/nats-2.12.1
 */
export function durabilityOf(version: string, config: unknown): Durability {
  const [major = NaN, minor = NaN] = version.split('.').map(Number);
  if (!(major > 2 || (major === 2 && minor >= 10))) {
    return { mode: 'page-cache', reason: `nats-server ${version} has no sync_interval` };
  }
  const told = JetStreamConfig.safeParse(config);
  if (!told.success) {
    return { mode: 'page-cache', reason: 'its configuration is not known: it was not asked' };
  }
  if (told.data.sync_always === true) {
    return { mode: 'fsync', reason: 'sync_interval is always' };
  }
  return { mode: 'page-cache', reason: 'sync_interval is not always' };
}

/** The durability of servers that share their streams: that of the least durable one. */
export function leastDurable(servers: readonly Durability[]): Durability {
  const found = servers.find(({ mode }) => mode === 'page-cache') ?? servers[0];
  return found ?? { mode: 'page-cache', reason: 'no server told its configuration' };
}
