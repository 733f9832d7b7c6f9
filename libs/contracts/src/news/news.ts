import { z } from 'zod';
import { Sha256Text } from '#libs/attestation';
import { FLAGS, VERDICTS } from '#libs/consensus';
import { sha256 } from '#libs/encoding';

/** The proposal that news are about. */
export const NewsProposal = z.object({
  id: z.string(),
  /** Safe to print, at most 200 characters. */
  title: z.string(),
  /** When voting ends, as far as it is known. */
  deadlineAt: z.string().nullable(),
});
export type NewsProposal = z.infer<typeof NewsProposal>;

/** What was decided of one artifact. */
export const NewsArtifact = z.object({
  name: z.string(),
  elected: z.boolean(),
  verdict: z.enum(VERDICTS),
  expected: Sha256Text.nullable(),
  flags: z.array(z.enum(FLAGS)),
  /** The largest first, at most 20. */
  clusters: z.array(
    z.object({
      digest: Sha256Text,
      matchesExpected: z.boolean(),
      operatorCount: z.number().int(),
      /** At most 20 of them. */
      operators: z.array(z.string()),
    }),
  ),
});
export type NewsArtifact = z.infer<typeof NewsArtifact>;

const Decided = z.object({ name: z.string(), verdict: z.enum(VERDICTS) });
const about = {
  /** One sentence for people, safe to print, at most 1,000 characters. */
  summary: z.string(),
  proposal: NewsProposal.nullable(),
  release: z.string().nullable(),
};
const ofRound = { ...about, round: Sha256Text };
const ofBuilder = { ...ofRound, operator: z.string(), builder: z.string() };
const told = { timestamp: z.string() };

/**
 * One piece of news, as it is sent: `type`, `timestamp` (when it came about, RFC 3339) and `data`.
 *
 * Source: https://github.com/standard-webhooks/standard-webhooks, "Payload structure"
 */
export const News = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('round.opened'),
    ...told,
    data: z.object({
      ...ofRound,
      /** How many were asked, and how many of the operators have to agree. */
      operators: z.number().int(),
      builders: z.number().int(),
      threshold: z.string(),
      closesAt: z.string(),
    }),
  }),
  z.object({ type: z.literal('builder.late'), ...told, data: z.object(ofBuilder) }),
  z.object({ type: z.literal('builder.vanished'), ...told, data: z.object(ofBuilder) }),
  z.object({
    type: z.literal('verdict.reached'),
    ...told,
    data: z.object({ ...ofRound, artifacts: z.array(NewsArtifact) }),
  }),
  z.object({
    type: z.literal('verdict.changed'),
    ...told,
    data: z.object({
      ...ofRound,
      artifacts: z.array(Decided),
      before: z.object({ round: Sha256Text, artifacts: z.array(Decided) }),
      /** Every proposal that elects or deploys this release, as far as it is known here, at most 100. */
      proposals: z.array(z.string()),
    }),
  }),
  z.object({
    type: z.literal('divergence.found'),
    ...told,
    data: z.object({ ...ofRound, artifacts: z.array(NewsArtifact) }),
  }),
  z.object({
    type: z.literal('deadline.near'),
    ...told,
    data: z.object({
      ...about,
      proposal: NewsProposal,
      /** Null where none was opened. */
      round: Sha256Text.nullable(),
      /** `undecided`: it was decided, with too few votes to say anything. */
      state: z.enum(['no-round', 'open', 'revealing', 'undecided']),
    }),
  }),
]);
export type News = z.infer<typeof News>;

/** A try of a subscription: it looks like news, and is none. */
export const Ping = z.object({
  type: z.literal('subscription.ping'),
  ...told,
  data: z.object({ summary: z.string(), round: z.null(), proposal: z.null() }),
});
export type Ping = z.infer<typeof Ping>;

/** What a subscriber may be told. */
export type Told = News | Ping;

/**
 * Names a piece of news, the same on every replica and in every retry: `msg_` and 40 hexadecimal
 * characters. What is told of one round, one builder in it, or one proposal's deadline, is told once.
 */
export function newsIdOf({ type, data }: News): string {
  const builder = 'builder' in data ? data.builder : '';
  const subject = type === 'deadline.near' ? data.proposal.id : data.round;
  return `msg_${sha256([type, subject, builder].join('\n')).slice(0, 40)}`;
}

/** Names what news have to arrive in order within: their round, else their proposal. */
export function threadOf(news: News): string {
  const { round, proposal } = news.data;
  return round ?? `proposal/${proposal?.id ?? ''}`;
}

/** Gives the page that tells more, a path that begins with a slash. */
export function newsPath({ data: { round, proposal } }: Told): string {
  if (round !== null) return `/rounds/${round}`;
  return proposal === null ? '/' : `/proposals/${proposal.id}`;
}
