import { z } from 'zod';
import { Sha256Text } from '#libs/attestation';
import { FLAGS, VERDICTS } from '#libs/consensus';

const Member = z.object({ operator: z.string(), builder: z.string() });

/** The JSON of one artifact's verdict: one shape in reports, tallies and signed verdicts. */
export const ArtifactReport = z.object({
  name: z.string(),
  elected: z.boolean(),
  expected: Sha256Text.nullable(),
  verdict: z.enum(VERDICTS),
  needed: z.number().int(),
  flags: z.array(z.enum(FLAGS)),
  clusters: z.array(
    z.object({
      digest: Sha256Text,
      operators: z.array(z.string()),
      builders: z.array(z.string()),
      matchesExpected: z.boolean(),
    }),
  ),
  failed: z.array(Member.extend({ stage: z.string(), class: z.string() })),
  missing: z.array(Member),
  unrevealed: z.array(Member),
  late: z.array(Member),
  selfContradicting: z.array(
    z.object({
      operator: z.string(),
      votes: z.array(z.object({ builder: z.string(), digest: Sha256Text })),
    }),
  ),
  impliedBy: z.array(z.string()),
});
export type ArtifactReport = z.infer<typeof ArtifactReport>;
