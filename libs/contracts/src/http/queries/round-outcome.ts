import { z } from 'zod';
import { Sha256Text } from '#libs/attestation';
import { FLAGS, VERDICTS } from '#libs/consensus';

/** What the verdicts of a round come to, as exit codes 0, 1 and 3 tell it. */
export const RoundOutcome = z.enum(['satisfied', 'not-reproduced', 'undecided']);
export type RoundOutcome = z.infer<typeof RoundOutcome>;

/** One artifact of a round in a list: its verdict, and clusters by their sizes. */
export const ArtifactSummary = z.object({
  name: z.string(),
  elected: z.boolean(),
  expected: Sha256Text.nullable(),
  verdict: z.enum(VERDICTS),
  needed: z.number().int(),
  flags: z.array(z.enum(FLAGS)),
  /** The largest first. Sizes in operators, which count, and in builders. */
  clusters: z.array(
    z.object({
      digest: Sha256Text,
      operators: z.number().int(),
      builders: z.number().int(),
      matchesExpected: z.boolean(),
    }),
  ),
});
export type ArtifactSummary = z.infer<typeof ArtifactSummary>;

/**
 * What the verdict made of what one builder said: whether the digests that enough operators agreed on
 * were its own, too. `undecided`: it built, and of nothing that it built did enough operators agree.
 */
export const Standing = z.enum([
  'agreed',
  'disagreed',
  'undecided',
  'failed',
  'absent',
  'declined',
  'late',
  'unrevealed',
]);
export type Standing = z.infer<typeof Standing>;
