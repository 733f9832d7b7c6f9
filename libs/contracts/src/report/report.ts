import { z } from 'zod';
import {
  Calibration as CalibrationOf,
  CloseReason,
  DeclineReason,
  Environment,
  Experiment,
  Published,
  Release,
  Sha256Text,
} from '#libs/attestation';
import { Calibration } from '../builders/builder-view.js';
import { AnswersReport } from './answers.js';
import { BuiltReport } from './built.js';
import { ChoiceReport } from './choice.js';
import { ExplanationReport, FailureGroupReport } from './explanation.js';
import { ArtifactReport } from './verdict.js';

/** What one invited builder said and did in a round. */
export const BuilderReport = z.object({
  operator: z.string(),
  /** The principal of its operator's own key; absent where the roster binds the name to no key. */
  operatorPrincipal: z.string().optional(),
  builder: z.string(),
  state: z.enum([
    'waiting',
    'building',
    'declined',
    'committed',
    'built',
    'failed',
    'absent',
    'late',
    'unrevealed',
  ]),
  stage: z.string().nullable(),
  /** 0 to 100 within the stage, where it can be told. */
  percent: z.number().nullable(),
  /** Why it said that it would not build; null where it did not, and where it committed since. */
  declined: DeclineReason.nullable().optional(),
  /** Whether it was asked, committed nothing and has not been heard of for too long. */
  hasVanished: z.boolean().optional(),
  /** How it did on what others had reproduced; absent where it was never measured. Takes no vote away. */
  calibration: Calibration.optional(),
  failure: z.object({ stage: z.string(), class: z.string(), message: z.string() }).nullable(),
  /** What it built, of what counts; absent where it built nothing that does, or showed nothing yet. */
  built: z.array(BuiltReport).optional(),
  commitIndex: z.number().int().nullable(),
  resultIndex: z.number().int().nullable(),
  /** Digest of the result's envelope, under which it can be fetched. */
  attestation: Sha256Text.nullable(),
  startedAt: z.string().nullable(),
  finishedAt: z.string().nullable(),
  environment: Environment.nullable(),
});
export type BuilderReport = z.infer<typeof BuilderReport>;

/** What was read as published from one place, and by whom. */
export const PublishedReport = Published.omit({
  sha256: true,
  sizeBytes: true,
  error: true,
}).extend({
  readings: z.array(
    z.object({
      sha256: Sha256Text.nullable(),
      error: z.string().nullable(),
      builders: z.array(z.string()),
    }),
  ),
});
export type PublishedReport = z.infer<typeof PublishedReport>;

/** Another round on the same commit: listed so that nobody can shop for a verdict. */
export const OtherRound = z.object({
  round: Sha256Text,
  openedAt: z.string(),
  phase: z.enum(['open', 'revealing', 'final']),
  proposal: z.string().nullable(),
  /** Present in a round that gives no verdict, and that nobody could shop with. */
  experiment: Experiment.optional(),
  /** Present in another that gives none. */
  calibration: CalibrationOf.optional(),
  verdicts: z.array(ArtifactReport.pick({ name: true, verdict: true })),
});
export type OtherRound = z.infer<typeof OtherRound>;

/** The proposal that a report answers. */
export const ProposalReport = z.object({
  id: z.string(),
  title: z.string(),
  nnsFunction: z.number().int().nullable(),
  payloadSha256: Sha256Text.nullable(),
  deadlineAt: z.string().nullable(),
  urls: z.array(z.string()),
  unelects: z.array(z.string()),
});
export type ProposalReport = z.infer<typeof ProposalReport>;

/** Where a deployment proposal sends the version that it names. */
export const Deployment = z.object({
  os: z.enum(['guestos', 'hostos']),
  commit: z.string(),
  to: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('subnet'), subnetId: z.string() }),
    z.object({ kind: z.literal('unassigned-nodes') }),
    z.object({ kind: z.literal('api-boundary-nodes'), nodeIds: z.array(z.string()) }),
    z.object({ kind: z.literal('nodes'), nodeIds: z.array(z.string()) }),
  ]),
});
export type Deployment = z.infer<typeof Deployment>;

/** Whether the work behind an artifact was shown. */
export const WorkReport = z.object({
  artifact: z.string(),
  work: z.enum(['shown', 'claimed, not shown']),
});
export type WorkReport = z.infer<typeof WorkReport>;

/** The round that a report is about. */
export const RoundReport = z.object({
  round: Sha256Text,
  phase: z.enum(['open', 'revealing', 'final']),
  blind: z.boolean(),
  threshold: z.string(),
  needed: z.number().int(),
  eligible: z.number().int(),
  openedAt: z.string(),
  closesAt: z.string(),
  closedAt: z.string().nullable(),
  closeReason: CloseReason.nullable(),
  decidedAt: z.string().nullable(),
  openIndex: z.number().int().nullable(),
  closeIndex: z.number().int().nullable(),
  verdictIndex: z.number().int().nullable(),
  /** Present in a round that gives no verdict: one builder builds once more, to find something out. */
  experiment: Experiment.optional(),
  /** Present in another that gives none: one builder is held against those that reproduced. */
  calibration: CalibrationOf.optional(),
  /** Present where the round asked for kinds of builders: who was chosen, and why. */
  choice: ChoiceReport.optional(),
});
export type RoundReport = z.infer<typeof RoundReport>;

/**
 * The one report model: JSON as it is, Markdown and terminal as views of it.
 * - `round`: a round on a release;
 * - `nothing-to-build`: a proposal that elects nothing;
 * - `deployment`: a proposal that deploys a version, with what is known of that version.
 */
export const Report = z.object({
  schema: z.literal('https://repro-quorum.dev/ns/report/v1'),
  kind: z.enum(['round', 'nothing-to-build', 'deployment']),
  headline: z.string(),
  proposal: ProposalReport.nullable(),
  deployment: Deployment.nullable(),
  release: Release.nullable(),
  round: RoundReport.nullable(),
  artifacts: z.array(ArtifactReport),
  /**
   * Of each artifact that was reproduced: whether those who did it showed their work, too. It follows
   * from verdict and flags, so no signed verdict has it; nor have reports from before there was any.
   */
  work: z.array(WorkReport).optional(),
  /** Why artifacts split; absent before the verdict, and where none did. */
  explanations: z.array(ExplanationReport).optional(),
  /** How builds failed; absent where none did. */
  failureGroups: z.array(FailureGroupReport).optional(),
  builders: z.array(BuilderReport),
  published: z.array(PublishedReport),
  otherRounds: z.array(OtherRound),
  /** Absent before the verdict. */
  answers: AnswersReport.optional(),
  log: z.object({ origin: z.string(), checkpoint: z.string() }).nullable(),
});
export type Report = z.infer<typeof Report>;
