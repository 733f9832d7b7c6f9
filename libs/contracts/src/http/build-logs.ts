import { z } from 'zod';
import { Id, Sha256Text } from '#libs/attestation';

/** The log of one build of a round, as far as it is here. */
export const BuildLog = z.object({
  builder: Id,
  /** As the builder's signed result names it: of the text that is served. */
  sha256: Sha256Text,
  /**
   * `awaited`: its builder is asked for it. `refused`: what its builder sent is not what its result names,
   * or no text. `missing`: its builder does not have it, or did not answer for long.
   */
  state: z.enum(['awaited', 'stored', 'refused', 'missing']),
  /** Why it is not stored, in a word; null where it is, or was not asked for yet. */
  reason: z.string().nullable(),
  sizeBytes: z.number().int().min(0).nullable(),
  storedAt: z.iso.datetime().nullable(),
});
export type BuildLog = z.infer<typeof BuildLog>;

/** The logs of a round's builds, by builder; of those only whose results name one. */
export const RoundLogs = z.object({ logs: z.array(BuildLog) });
export type RoundLogs = z.infer<typeof RoundLogs>;
