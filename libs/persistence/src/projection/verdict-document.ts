import { z } from 'zod';
import { readVerdict, type Statement } from '#libs/attestation';
import { FLAGS, VERDICTS } from '#libs/consensus';

const Cluster = z.object({
  digest: z.string(),
  operators: z.array(z.string()),
  builders: z.array(z.string()),
  matchesExpected: z.boolean(),
});

/** As much of an artifact's verdict as lists are made of. */
const VerdictArtifact = z.object({
  name: z.string(),
  elected: z.boolean(),
  expected: z.string().nullable(),
  verdict: z.enum(VERDICTS),
  needed: z.number().int(),
  flags: z.array(z.enum(FLAGS)),
  clusters: z.array(Cluster),
  failed: z.array(z.object({ builder: z.string() })).default([]),
  selfContradicting: z
    .array(z.object({ votes: z.array(z.object({ builder: z.string(), digest: z.string() })) }))
    .default([]),
});
export type VerdictArtifact = z.infer<typeof VerdictArtifact>;

/**
 * Reads what a signed verdict says of its artifacts.
 *
 * @throws AttestationError MALFORMED_STATEMENT, ZodError for a document of another shape
 */
export function verdictDocument(statement: Statement): readonly VerdictArtifact[] {
  return z.array(VerdictArtifact).parse(readVerdict(statement).artifacts);
}
