import { z, type ZodType } from 'zod';

/** What becomes of a delivered message. */
export type Delivery =
  /** Handled, and durable: it is acknowledged. */
  | { readonly kind: 'done' }
  /** Not now: it is delivered again after a while. */
  | { readonly kind: 'retry'; readonly afterMs: number; readonly reason: string }
  /** Never: it is taken out of the queue. */
  | { readonly kind: 'drop'; readonly reason: string };

export const DONE: Delivery = { kind: 'done' };

const DEFAULT_RETRY_MS = 2_000;
/** A hostile message may have thousands of wrong fields, each with a name of its own. */
const MAX_REASON = 400;

/**
 * Reads a message by its schema and hands it on. Malformed messages are dropped: no delivery will
 * make them better. Anything that `handle` throws is taken as passing and retried; a handler that
 * knows better returns a {@link Delivery}.
 */
export async function receive<T>(
  schema: ZodType<T>,
  data: unknown,
  handle: (message: T) => Promise<Delivery>,
): Promise<Delivery> {
  const parsed = schema.safeParse(data);
  if (!parsed.success) {
    const reason = `malformed: ${z.prettifyError(parsed.error)}`;
    return { kind: 'drop', reason: reason.slice(0, MAX_REASON) };
  }
  try {
    return await handle(parsed.data);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { kind: 'retry', afterMs: DEFAULT_RETRY_MS, reason };
  }
}
