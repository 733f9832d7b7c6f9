import { z } from 'zod';
import { Envelope } from '#libs/attestation';

const Digest = z.string().regex(/^[0-9a-f]{64}$/);
const Text = z.string().max(4096);

/** One side of a comparison: what stood there, or why it could not be had. */
const Side = z.object({ where: Text, value: z.string().nullable(), error: Text.nullable() });

/** One comparison of a check. */
export const CheckComparison = z.object({
  id: z.enum([
    ...(['proposal-url', 'proposal-sums', 'cdn-bytes', 'cdns', 'proposal-measurements'] as const),
    ...(['cdn-measurements', 'local-measurements', 'local-sums', 'local-proposal'] as const),
    ...(['proposal-urls'] as const),
  ]),
  artifact: z.string(),
  /** `noted` is worth knowing, and no reason to doubt the release. */
  state: z.enum(['passed', 'failed', 'undecided', 'noted']),
  sides: z.array(Side),
});
export type CheckComparison = z.infer<typeof CheckComparison>;

/** One artifact of a check. */
export const CheckedArtifact = z.object({
  name: z.string(),
  elected: z.boolean(),
  verdict: z.enum(['reproduced', 'mismatch', 'inconsistent', 'undecided']),
  local: Digest.nullable(),
  expected: Digest.nullable(),
});
export type CheckedArtifact = z.infer<typeof CheckedArtifact>;

/** What is known of the machine before a build; the same as `builder doctor` says. */
export const CheckedMachine = z.object({
  check: z.string(),
  level: z.enum(['ok', 'warning', 'error', 'unknown']),
  found: z.string(),
  expected: z.string(),
});
export type CheckedMachine = z.infer<typeof CheckedMachine>;

/** The proposal of a check, and how far its word reaches. */
export const CheckedProposal = z.object({
  id: z.string(),
  title: z.string(),
  nnsFunction: z.int(),
  /** When the subnet signed the answer. */
  certifiedAt: z.iso.datetime(),
  /** What proves the answer offline: certificate and request, with `check --evidence`. */
  evidence: z.record(z.string(), z.unknown()),
  elects: z.object({ artifact: z.string(), sha256: Digest, urls: z.array(z.string()) }).nullable(),
  dashboard: z.object({
    state: z.enum(['agrees', 'differs', 'not-asked', 'no-answer']),
    differences: z.array(z.object({ field: z.string(), certified: z.string(), shown: z.string() })),
    error: z.string().nullable(),
  }),
});
export type CheckedProposal = z.infer<typeof CheckedProposal>;

/** GitHub's build provenance of one SHA256SUMS. */
export const CheckedProvenance = z.object({
  path: z.string(),
  /** `absent`: the commit is from before there was any. `not-checked`: no bundle is at hand. */
  state: z.enum(['confirmed', 'refused', 'absent', 'not-checked']),
  reason: z.string().nullable(),
});
export type CheckedProvenance = z.infer<typeof CheckedProvenance>;

/** How the build of a check ended. */
export const CheckedBuild = z.object({
  state: z.enum(['built', 'failed', 'not-built']),
  stage: z.string().nullable(),
  class: z.string().nullable(),
  message: z.string().nullable(),
  /** Where its log was kept; null where none was. */
  log: z.string().nullable(),
});
export type CheckedBuild = z.infer<typeof CheckedBuild>;

/** What one machine found of one release: what `check --json` prints. */
export const CheckReport = z.object({
  kind: z.literal('check'),
  tool: z.object({ version: z.string(), sha256: Digest.nullable() }),
  /** `built`: nothing was to be compared, and the build came to its outputs. */
  outcome: z.enum(['reproduced', 'not-reproduced', 'undecided', 'bad-evidence', 'built']),
  exitCode: z.int(),
  commit: z.string(),
  /** Null where the source did not come so far. */
  era: z.string().nullable(),
  proposal: CheckedProposal.nullable(),
  /** Where was downloaded from. */
  sources: z.array(z.string()),
  artifacts: z.array(CheckedArtifact),
  comparisons: z.array(CheckComparison),
  provenance: z.array(CheckedProvenance),
  machine: z.array(CheckedMachine),
  build: CheckedBuild,
  /** Facts of the build that may change a hash, such as whether its caches were cold. */
  facts: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
  startedAt: z.iso.datetime(),
  durationMs: z.int().nonnegative(),
  /** The signed result, with `--attest`. */
  attestation: Envelope.nullable(),
});
export type CheckReport = z.infer<typeof CheckReport>;
