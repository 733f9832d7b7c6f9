import { z } from 'zod';
import { FLAGS, VERDICTS } from '#libs/consensus';

/** What this coordinator opens and decides rounds by where a request says nothing else. */
export const CoordinatorPolicies = z.object({
  /** A count or a fraction of the operators that are asked; a round's own stands in its RoundOpen. */
  threshold: z.string(),
  /** From opening to the close without everybody. */
  deadlineSeconds: z.number().int(),
  /** From the close to the verdict without everybody. */
  revealSeconds: z.number().int(),
  blind: z.literal(true),
  /** Null where no witness is asked. */
  witnessing: z.object({ policy: z.string(), fallbackSeconds: z.number() }).nullable(),
  /** Which kinds of builders are asked; null where the roster is. */
  ask: z.string().nullable(),
  /** Every verdict and every flag that there is. */
  verdicts: z.array(z.enum(VERDICTS)),
  flags: z.array(z.enum(FLAGS)),
});
export type CoordinatorPolicies = z.infer<typeof CoordinatorPolicies>;
