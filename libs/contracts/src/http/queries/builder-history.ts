import { z } from 'zod';
import { Sha256Text } from '#libs/attestation';
import { CursorText, Limit, Next } from './page.js';
import { RoundOutcome, Standing } from './round-outcome.js';

/** Which of a builder's rounds to list. */
export const BuilderHistoryQuery = z.object({
  limit: Limit,
  /** The `next` of the page before. */
  before: CursorText.optional(),
});
export type BuilderHistoryQuery = z.infer<typeof BuilderHistoryQuery>;

/** One round that a builder was invited to. */
export const BuilderRound = z.object({
  round: Sha256Text,
  release: z.string(),
  proposal: z.string().nullable(),
  phase: z.enum(['open', 'revealing', 'final']),
  openedAt: z.string(),
  /** Of whom the round's roster has it. */
  operator: z.string(),
  /** What the verdict made of what it said; null before the verdict, and where a round gives none. */
  standing: Standing.nullable(),
  /** Null before the verdict. */
  outcome: RoundOutcome.nullable(),
  commitIndex: z.number().int().nullable(),
  resultIndex: z.number().int().nullable(),
  /** Present where its evidence is in an archive alone, out of the database. */
  archived: z.literal(true).optional(),
});
export type BuilderRound = z.infer<typeof BuilderRound>;

/** A page of a builder's rounds, newest first. */
export const BuilderHistory = z.object({ rounds: z.array(BuilderRound), next: Next });
export type BuilderHistory = z.infer<typeof BuilderHistory>;

/** How often a builder got what enough operators agreed on. Rounds without a verdict are not counted. */
export const Agreement = z.object({
  builder: z.string(),
  /** Decided rounds that it was invited to: the sum of all that follow. */
  rounds: z.number().int(),
  agreed: z.number().int(),
  disagreed: z.number().int(),
  undecided: z.number().int(),
  failed: z.number().int(),
  absent: z.number().int(),
  declined: z.number().int(),
  late: z.number().int(),
  unrevealed: z.number().int(),
  /** `agreed` of `agreed` and `disagreed`, 0 to 1; null where both are 0. */
  rate: z.number().min(0).max(1).nullable(),
});
export type Agreement = z.infer<typeof Agreement>;
