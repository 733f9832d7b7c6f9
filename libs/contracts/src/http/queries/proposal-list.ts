import { z } from 'zod';
import { Sha256Text } from '#libs/attestation';
import { CursorText, Limit, Next } from './page.js';
import { ArtifactSummary, RoundOutcome } from './round-outcome.js';

/** Which proposals to list. */
export const ProposalListQuery = z.object({
  limit: Limit,
  /** The `next` of the page before. */
  before: CursorText.optional(),
});
export type ProposalListQuery = z.infer<typeof ProposalListQuery>;

/** One proposal that was asked for here, and how its newest round stands. */
export const ProposalSummary = z.object({
  proposal: z.string(),
  title: z.string(),
  kind: z.enum(['elects', 'unelects-only', 'deploys']),
  /** The version that it elects or deploys; null where it does neither. */
  commit: z.string().nullable(),
  /** When voting ends; null where that is not known. */
  deadlineAt: z.string().nullable(),
  archivedAt: z.string(),
  /** Rounds on it, experiments and calibrations among them. */
  rounds: z.number().int(),
  /** Null where none was opened. Experiments and calibrations are passed over. */
  newest: z
    .object({
      round: Sha256Text,
      phase: z.enum(['open', 'revealing', 'final']),
      openedAt: z.string(),
      headline: z.string(),
      /** Null before the verdict. */
      outcome: RoundOutcome.nullable(),
      artifacts: z.array(ArtifactSummary),
      /** Present where its evidence is in an archive alone, out of the database. */
      archived: z.literal(true).optional(),
    })
    .nullable(),
});
export type ProposalSummary = z.infer<typeof ProposalSummary>;

/** A page of proposals, the highest id first. */
export const ProposalList = z.object({ proposals: z.array(ProposalSummary), next: Next });
export type ProposalList = z.infer<typeof ProposalList>;
