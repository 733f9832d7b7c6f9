import { z } from 'zod';
import { Experiment, FactValue, Sha256Text } from '#libs/attestation';
import { ASPECTS, CONCLUSIONS, DIFFERENCE_CLASSES } from '#libs/divergence';

const Location = z.array(z.string());
/** At most 256 bytes, hexadecimal. */
const ShownBytes = z.string().regex(/^(?:[0-9a-f]{2}){0,256}$/);
const Attributes = z.record(z.string(), z.union([z.string(), z.number()]));

/** One thing that two artifacts do not have alike, and what was found out about it. */
export const FindingReport = z.object({
  difference: z.object({
    /** Paths from the artifact, whose own is empty, down to the thing. */
    location: Location,
    kind: z.string(),
    aspects: z.array(z.enum(ASPECTS)),
    left: Attributes.nullable(),
    right: Attributes.nullable(),
  }),
  class: z.enum(DIFFERENCE_CLASSES),
  detail: z.string(),
  /** Unified diff of a text, bounded. */
  diff: z.string().optional(),
  /** Bytes of both contents from `offset` on, around the first that differ; of what is no text. */
  bytes: z
    .object({ offset: z.number().int().min(0), left: ShownBytes, right: ShownBytes })
    .optional(),
  seenFacts: z.array(z.string()),
  /** The location of what this is a mere consequence of; absent for a root cause. */
  impliedBy: Location.optional(),
});
export type FindingReport = z.infer<typeof FindingReport>;

/** Facts that part the builders in one and the same way. */
export const SeparatorReport = z.object({
  facts: z.array(
    z.object({
      name: z.string(),
      /** Cluster by cluster. */
      values: z.array(z.array(FactValue)),
      /** Where a number parts by its size: between these two. */
      between: z.tuple([z.number(), z.number()]).optional(),
      /** Where one value parts from all others: that value. */
      apart: FactValue.optional(),
    }),
  ),
  pValue: z.number(),
  correctedP: z.number(),
  isPerfect: z.boolean(),
  trivial: z.boolean(),
  missing: z.number().int(),
  rounds: z.number().int(),
});
export type SeparatorReport = z.infer<typeof SeparatorReport>;

/** A cause that may be at work, and why it is thought so. */
export const SuspicionReport = z.object({
  cause: z.string(),
  facts: z.array(z.string()),
  grounds: z.enum(['trace', 'statistics']),
  because: z.string(),
  remedy: z.string().nullable(),
});
export type SuspicionReport = z.infer<typeof SuspicionReport>;

/** The re-build that would tell most; `change` is null for the same builder once more, unchanged. */
export const ExperimentReport = z.object({
  builder: z.string(),
  change: z.object({ fact: z.string(), from: FactValue, to: FactValue }).nullable(),
  text: z.string(),
  /** What `round open --experiment` takes; absent where the explanation is of no round. */
  request: Experiment.optional(),
});
export type ExperimentReport = z.infer<typeof ExperimentReport>;

/** What findings do not say of the bytes that were compared. */
export const NotToldReport = z.object({
  /** Files that differ and of which no byte was looked at. */
  files: z.number().int().min(0),
  /** Files of which not all that differs was looked at. */
  parts: z.number().int().min(0),
  /** Differences that were seen and are not among the findings, nor is their like. */
  untold: z.number().int().min(0),
  /** Findings that were left out beside others of their kind. */
  unlisted: z.number().int().min(0),
  /** Whether more may differ than was looked at. */
  truncated: z.boolean(),
});
export type NotToldReport = z.infer<typeof NotToldReport>;

/** Why the builders of one artifact came to different bytes, as far as it can be told. */
export const ExplanationReport = z.object({
  artifact: z.string(),
  /** What was built, most builders first. */
  clusters: z.array(z.object({ digest: Sha256Text, builders: z.array(z.string()) })),
  factsTried: z.number().int(),
  /** Best first. */
  separators: z.array(SeparatorReport),
  /** Root causes first. */
  findings: z.array(FindingReport),
  /** Absent where the findings say all that differs between the clusters that were compared. */
  notTold: NotToldReport.optional(),
  suspicions: z.array(SuspicionReport),
  conclusion: z.enum(CONCLUSIONS),
  next: ExperimentReport.nullable(),
  /** What a voter reads. */
  paragraph: z.string(),
  /** Whose bytes were compared, pair by pair: `left` and `right` of the findings are theirs. */
  compared: z.array(z.object({ left: z.string(), right: z.string() })),
  /** Digests of clusters whose bytes were not held against the others': the conclusion is not about them. */
  unseen: z.array(Sha256Text),
  /** The earliest round known here in which the same thing differed; this one, where none is. */
  firstAffected: z
    .object({ round: Sha256Text, release: z.string(), openedAt: z.string() })
    .nullable(),
});
export type ExplanationReport = z.infer<typeof ExplanationReport>;

/** All that is known of why a round split, and whether more may come. */
export const RoundExplanation = z.object({
  round: Sha256Text,
  /** Whether all was looked at that can tell something; false while builders are away. */
  isComplete: z.boolean(),
  madeAt: z.string().nullable(),
  artifacts: z.array(ExplanationReport),
});
export type RoundExplanation = z.infer<typeof RoundExplanation>;

/** Builders whose builds failed in one and the same way. */
export const FailureGroupReport = z.object({
  /** Id of the pattern that is known, or `<stage>/<class>`. */
  pattern: z.string(),
  stage: z.string(),
  class: z.string(),
  operators: z.array(z.string()),
  builders: z.array(z.string()),
  /** One line of message or log that shows it. */
  line: z.string(),
  /** Null where the pattern is not known. */
  explanation: z.string().nullable(),
  remedy: z.string().nullable(),
  source: z.string().nullable(),
});
export type FailureGroupReport = z.infer<typeof FailureGroupReport>;
