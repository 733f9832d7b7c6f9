import { z } from 'zod';

const Readers = z.coerce.number().int().min(1).max(100_000);

/** How many may watch rounds at a time, as variables of the coordinator. */
export const LIVE_CONFIG = {
  /** Streams of live rounds that one process keeps open, in all and for one address. */
  LIVE_READERS: Readers.default(1_000),
  LIVE_READERS_PER_ADDRESS: Readers.default(20),
} as const;

export const LiveConfig = z.object(LIVE_CONFIG);
export type LiveConfig = z.infer<typeof LiveConfig>;
