import { z } from 'zod';
import { Id, Sha256Text } from '#libs/attestation';
import { ExplanationReport, FailureGroupReport } from '#libs/contracts';

/** Where an attestation was found: a file, and the line that it begins on. */
const Place = z.object({ file: z.string(), line: z.number().int().min(1) });

/** A builder that told different digests of one artifact; its word is not taken for either. */
const Contradiction = z.object({
  release: z.string(),
  artifact: z.string(),
  builder: Id,
  digests: z.array(Sha256Text),
});

/** Why the builders of one artifact differ. */
const SplitReport = ExplanationReport.omit({
  compared: true,
  unseen: true,
  firstAffected: true,
}).extend({ release: z.string() });
export type SplitReport = z.infer<typeof SplitReport>;

/** What `explain ATTESTATION... --json` prints. */
export const ExplainOutput = z.object({
  /** Split artifacts, release by release. */
  artifacts: z.array(SplitReport),
  /** Artifacts of which all that told a digest told the same. */
  agreed: z.array(
    z.object({
      release: z.string(),
      artifact: z.string(),
      digest: Sha256Text,
      builders: z.array(Id),
    }),
  ),
  selfContradicting: z.array(Contradiction),
  failures: z.array(FailureGroupReport),
  counted: z.array(
    Place.extend({
      builder: Id,
      round: Sha256Text.nullable(),
      attestation: Sha256Text,
      /** False where no key of the builder is known here: its signature was not looked at. */
      isVerified: z.boolean(),
    }),
  ),
  refused: z.array(Place.extend({ code: z.string(), message: z.string() })),
  outsideRoster: z.array(Place.extend({ builder: Id })),
  otherStatements: z.array(Place.extend({ predicateType: z.string() })),
});
export type ExplainOutput = z.infer<typeof ExplainOutput>;
