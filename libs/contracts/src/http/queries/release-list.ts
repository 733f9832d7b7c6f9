import { z } from 'zod';
import { Sha256Text } from '#libs/attestation';
import { CursorText, Limit, Next } from './page.js';
import { ArtifactSummary, RoundOutcome } from './round-outcome.js';

/** Which releases to list. */
export const ReleaseListQuery = z.object({
  limit: Limit,
  /** The `next` of the page before. */
  before: CursorText.optional(),
});
export type ReleaseListQuery = z.infer<typeof ReleaseListQuery>;

/** One release, and how its newest round stands. */
export const ReleaseSummary = z.object({
  /** Such as `ic/<commit>`. */
  release: z.string(),
  rounds: z.number().int(),
  newest: z.object({
    round: Sha256Text,
    proposal: z.string().nullable(),
    phase: z.enum(['open', 'revealing', 'final']),
    openedAt: z.string(),
    /** Null before the verdict. */
    outcome: RoundOutcome.nullable(),
    artifacts: z.array(ArtifactSummary),
    /** Present where its evidence is in an archive alone, out of the database. */
    archived: z.literal(true).optional(),
  }),
});
export type ReleaseSummary = z.infer<typeof ReleaseSummary>;

/** A page of releases, the one with the newest round first. */
export const ReleaseList = z.object({ releases: z.array(ReleaseSummary), next: Next });
export type ReleaseList = z.infer<typeof ReleaseList>;
