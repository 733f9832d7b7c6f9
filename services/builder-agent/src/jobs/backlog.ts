import { z } from 'zod';

/** A delivered message of JetStream, of which only this is asked. */
const Delivered = z.object({ info: z.object({ pending: z.number() }) });

/** Tells whether more messages wait behind a delivered one: a builder that was away is catching up. */
export function moreFollow(context: unknown): boolean {
  const delivered = Delivered.safeParse(context);
  return delivered.success && delivered.data.info.pending > 0;
}
