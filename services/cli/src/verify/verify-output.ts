import { z } from 'zod';
import { Time } from '#libs/attestation';
import { ArtifactReport } from '#libs/contracts';
import { FINDING_CODES, RULES } from '#libs/evidence';

/** A rule of the policy, whether it is kept, and what speaks for it. */
const RuleOutput = z.object({
  rule: z.enum(RULES),
  /** Null for what is asked of the whole round. */
  artifact: z.string().nullable(),
  isKept: z.boolean(),
  message: z.string(),
  /** Log indexes. */
  evidence: z.array(z.number().int()),
});

/** Something that was found in the bundle, and where. */
const FindingOutput = z.object({
  code: z.enum(FINDING_CODES),
  message: z.string(),
  /** Line of the bundle, from 1. */
  line: z.number().int().nullable(),
  /** Log index. */
  index: z.number().int().nullable(),
});

/** What `verify --json` prints. */
export const VerifyOutput = z.object({
  outcome: z.enum(['satisfied', 'not-satisfied', 'undecided', 'bad-evidence']),
  at: Time,
  round: z.string().nullable(),
  release: z.string().nullable(),
  proposal: z.string().nullable(),
  /** Of the log. */
  origin: z.string().nullable(),
  treeSize: z.number().int().nullable(),
  /** How many operators have to agree. */
  needed: z.number().int(),
  /** How many operators the policy trusts. */
  eligible: z.number().int(),
  rules: z.array(RuleOutput),
  artifacts: z.array(ArtifactReport.extend({ isRequired: z.boolean() })),
  findings: z.array(FindingOutput),
});
export type VerifyOutput = z.infer<typeof VerifyOutput>;
