import { z } from 'zod';
import { Sha256Text } from '#libs/attestation';
import { VERDICTS } from '#libs/consensus';
import { ArtifactText, CommitText, CursorText, Limit, Next, VerdictText } from './page.js';

/** Which clusters to list. */
export const ArtifactListQuery = z.object({
  limit: Limit,
  /** The `next` of the page before. */
  before: CursorText.optional(),
  name: ArtifactText.optional(),
  digest: Sha256Text.optional(),
  commit: CommitText.optional(),
  verdict: VerdictText.optional(),
});
export type ArtifactListQuery = z.infer<typeof ArtifactListQuery>;

/** Builders that got the same bytes of one artifact in one decided round. */
export const ArtifactCluster = z.object({
  artifact: z.string(),
  digest: Sha256Text,
  round: Sha256Text,
  release: z.string(),
  /** The artifact's, in that round. */
  verdict: z.enum(VERDICTS),
  matchesExpected: z.boolean(),
  operators: z.array(z.string()),
  builders: z.array(z.string()),
  /** Log index of the verdict that says so. */
  verdictIndex: z.number().int(),
});
export type ArtifactCluster = z.infer<typeof ArtifactCluster>;

/** A page of clusters: who built which digest in which round, the newest verdict first. */
export const ArtifactList = z.object({ artifacts: z.array(ArtifactCluster), next: Next });
export type ArtifactList = z.infer<typeof ArtifactList>;
