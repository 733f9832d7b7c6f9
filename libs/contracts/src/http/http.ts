import { z } from 'zod';
import { Calibration, Envelope, Experiment, Id, Sha256Text } from '#libs/attestation';
import { Report } from '../report/report.js';
import { GroupIds } from '../groups/group.js';
import { Ask } from './ask.js';
import { ArtifactSummary, RoundOutcome } from './queries/round-outcome.js';

/** HTTP paths of the coordinator, without a leading slash. */
export const ROUTES = {
  rounds: 'v1/rounds',
  proposals: 'v1/proposals',
  attestations: 'v1/attestations',
  log: 'v1/log',
  witness: 'v1/witness',
  keys: 'v1/keys',
  tokens: 'v1/tokens',
  audit: 'v1/audit',
  enrolments: 'v1/enrolments',
  builders: 'v1/builders',
  orders: 'v1/orders',
  invites: 'v1/invites',
  groups: 'v1/groups',
  subscriptions: 'v1/subscriptions',
  feeds: 'feeds',
  badges: 'badges',
} as const;

/** Asks for a round: on a proposal, on a bare commit, or as an experiment on one that split. */
export const OpenRound = z
  .strictObject({
    proposal: z
      .string()
      .regex(/^\d{1,20}$/, 'expected a decimal proposal id')
      .optional(),
    commit: z
      .string()
      .regex(/^[0-9a-f]{40}$/, 'expected 40 lower-case hexadecimal characters')
      .optional(),
    /** A re-build by one builder, without a verdict: what it found out goes to the round it names. */
    experiment: Experiment.optional(),
    /** A count or a fraction of the invited operators; the coordinator's default otherwise. */
    threshold: z.string().max(20).optional(),
    /** Seconds until the round may close without everybody. */
    deadlineSeconds: z
      .number()
      .int()
      .min(1)
      .max(30 * 86_400)
      .optional(),
    /** Builders to invite; everyone on the coordinator's roster otherwise. */
    builders: z.array(Id).min(1).max(256).optional(),
    /** Which kinds of builders to invite, instead of naming them. */
    ask: Ask.optional(),
    /** Groups whose members to invite, instead of naming builders; each gets a verdict of its own. */
    groups: GroupIds.optional(),
    /** False for results that are shown at once, and flagged `not-blind`; true otherwise. */
    blind: z.boolean().optional(),
  })
  .refine(
    ({ proposal, commit, experiment }) =>
      [proposal, commit, experiment].filter((it) => it !== undefined).length === 1,
    { message: 'name a proposal, a commit or an experiment, one of them' },
  )
  .refine(
    ({ experiment, threshold, builders }) =>
      experiment === undefined || (threshold === undefined && builders === undefined),
    { message: 'an experiment names its one builder, and asks for no agreement' },
  )
  .refine(
    ({ experiment, ask, builders }) =>
      ask === undefined || (experiment === undefined && builders === undefined),
    { message: 'builders are named or asked for, not both' },
  )
  .refine(
    ({ experiment, groups, builders, ask }) =>
      groups === undefined ||
      (experiment === undefined && builders === undefined && ask === undefined),
    { message: 'groups bring their members: name no builders, and ask for none' },
  );
export type OpenRound = z.infer<typeof OpenRound>;

/** Asks for more builders in an open round. */
export const AmendRound = z.strictObject({ builders: z.array(Id).min(1).max(256) });
export type AmendRound = z.infer<typeof AmendRound>;

/** The answer: a round, or what a proposal without a build says at once. */
export const OpenRoundAnswer = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('opened'), round: Sha256Text }),
  z.object({ kind: z.literal('nothing-to-build'), report: Report }),
  z.object({ kind: z.literal('deployment'), report: Report }),
]);
export type OpenRoundAnswer = z.infer<typeof OpenRoundAnswer>;

/** One line of a round listing. */
export const RoundSummary = z.object({
  round: Sha256Text,
  phase: z.enum(['open', 'revealing', 'final']),
  release: z.string(),
  proposal: z.string().nullable(),
  openedAt: z.string(),
  headline: z.string(),
  /** Null before the verdict, and in a round that gives none. */
  outcome: RoundOutcome.nullable(),
  /** As far as they are known; empty in a round that gives no verdict. */
  artifacts: z.array(ArtifactSummary),
  /** Present in a round that gives no verdict. */
  experiment: Experiment.optional(),
  /** Present in another that gives none. */
  calibration: Calibration.optional(),
  /** Present where its evidence is in an archive alone, out of the database. */
  archived: z.literal(true).optional(),
});
export type RoundSummary = z.infer<typeof RoundSummary>;

/** A page of rounds, newest first. */
export const RoundList = z.object({
  rounds: z.array(RoundSummary),
  /** Pass as `before` for the next page; null at the end. */
  next: z.string().nullable(),
});
export type RoundList = z.infer<typeof RoundList>;

/** What a logged envelope is. */
export const LogEntryKind = z.enum([
  'round-open',
  'round-amend',
  'decline',
  'commit',
  'round-close',
  'result',
  'reveal',
  'verdict',
  'countersignature',
  'refusal',
  'key',
  'log-succession',
  'admin-act',
]);
export type LogEntryKind = z.infer<typeof LogEntryKind>;

/** A logged envelope with its receipt. */
export const LoggedAttestation = z.object({
  envelope: Envelope,
  index: z.number().int(),
  kind: LogEntryKind,
  builder: z.string().nullable(),
  /** A C2SP tlog-proof; null in the moment before its checkpoint is signed. */
  proof: z.string().nullable(),
});
export type LoggedAttestation = z.infer<typeof LoggedAttestation>;

/** All logged envelopes of a round, by log index. */
export const RoundAttestations = z.object({ attestations: z.array(LoggedAttestation) });
export type RoundAttestations = z.infer<typeof RoundAttestations>;

/** The links of the old form that came with a round's results. */
export const RoundLinks = z.object({
  links: z.array(z.object({ builder: z.string(), link: z.record(z.string(), z.unknown()) })),
});
export type RoundLinks = z.infer<typeof RoundLinks>;

/** What proves a proposal. RoundOpen names the digests of payload and evidence. */
export const ProposalEvidence = z.object({
  proposal: z.string(),
  nnsFunction: z.number().int().nullable(),
  /** Candid argument of the NNS function, base64; null where there is none. */
  payload: z.string().nullable(),
  /** Request and certificate of the read; its RFC 8785 form has the digest that RoundOpen names. */
  evidence: z.record(z.string(), z.unknown()),
});
export type ProposalEvidence = z.infer<typeof ProposalEvidence>;

/** An error over HTTP. Source: RFC 9457 */
export const Problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.number().int(),
  detail: z.string(),
});
export type Problem = z.infer<typeof Problem>;

/** Where problem types live; the last path segment is the error code in kebab case. */
export const PROBLEM_BASE = 'https://repro-quorum.dev/ns/problems';
