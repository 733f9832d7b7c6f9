import { z } from 'zod';
import { GroupId, Id, Label } from '#libs/attestation';
import { PageLimit } from '../api/parameters.js';
import { News } from './news.js';
import { NewsKind } from './news-kind.js';
import type { NewsAudience } from './round-moment.js';

/** How news reach somebody. */
export const NEWS_CHANNELS = ['webhook', 'discord', 'openchat', 'email'] as const;
export const NewsChannel = z.enum(NEWS_CHANNELS);
export type NewsChannel = z.infer<typeof NewsChannel>;

/**
 * What somebody wants to hear of; everything without rules. Several rules hold together: `kinds` picks
 * what it is about, `group` the rounds that were opened for it, `operators` and `builders` whom.
 */
export const SubscriptionRules = z.strictObject({
  kinds: z.array(NewsKind).min(1).optional(),
  operators: z.array(Label).min(1).max(64).optional(),
  builders: z.array(Id).min(1).max(64).optional(),
  group: GroupId.optional(),
});
export type SubscriptionRules = z.infer<typeof SubscriptionRules>;

export const SubscriptionId = z
  .string()
  .regex(/^sub_[0-9a-f]{24}$/, 'expected the id of a subscription, sub_…');

/** Longest target, in characters. */
const MAX_TARGET = 2000;

/** Asks for news. The target is a URL, or the address of a mailbox. */
export const CreateSubscription = z.strictObject({
  channel: NewsChannel,
  target: z.string().min(1).max(MAX_TARGET),
  /** Whose it is; everybody can read it in the log. */
  label: Label,
  rules: SubscriptionRules.default({}),
});
export type CreateSubscription = z.infer<typeof CreateSubscription>;

/** A subscription as it is shown. Of a URL only its origin: the rest of many of them is a secret. */
export const SubscriptionView = z.object({
  id: SubscriptionId,
  channel: NewsChannel,
  target: z.string(),
  label: Label,
  rules: SubscriptionRules,
  madeAt: z.string(),
  /** Null while it is served. An answered ping takes it up again. */
  disabledAt: z.string().nullable(),
  disabledBecause: z.string().nullable(),
  waiting: z.number().int(),
  dead: z.number().int(),
});
export type SubscriptionView = z.infer<typeof SubscriptionView>;

/** The secret that signs what a webhook is sent: `whsec_` and 32 bytes in base64. */
export const NewsSecret = z.string().regex(/^whsec_[A-Za-z0-9+/]{43}=$/, 'expected whsec_…');

/** The answer to {@link CreateSubscription}: the only time that the secret is told. */
export const CreatedSubscription = z.object({
  subscription: SubscriptionView,
  /** Null for channels that have no signature. */
  secret: NewsSecret.nullable(),
});
export type CreatedSubscription = z.infer<typeof CreatedSubscription>;

/** Which subscriptions to list. */
export const SubscriptionListQuery = z.object({
  limit: PageLimit,
  /** The `next` of the page before. */
  after: z.union([SubscriptionId, z.literal('')]).default(''),
});
export type SubscriptionListQuery = z.infer<typeof SubscriptionListQuery>;

/** Which dead letters to list. */
export const DeadLetterQuery = z.object({
  limit: PageLimit,
  /** The `next` of the page before. */
  after: z.coerce.number().int().min(-1).max(Number.MAX_SAFE_INTEGER).default(-1),
});
export type DeadLetterQuery = z.infer<typeof DeadLetterQuery>;

export const SubscriptionParams = z.object({ id: SubscriptionId });

/** A page of subscriptions, by id. */
export const SubscriptionList = z.object({
  subscriptions: z.array(SubscriptionView),
  next: z.string().nullable(),
});
export type SubscriptionList = z.infer<typeof SubscriptionList>;

/** What came of a ping. */
export const PingAnswer = z.object({
  isDelivered: z.boolean(),
  /** What the receiver answered, or why it was not reached. */
  detail: z.string(),
});
export type PingAnswer = z.infer<typeof PingAnswer>;

/** A message that was given up. */
export const DeadLetter = z.object({
  /** Names it within its subscription. */
  position: z.number().int(),
  id: z.string(),
  attempts: z.number().int(),
  diedAt: z.string(),
  detail: z.string(),
  news: News,
});
export type DeadLetter = z.infer<typeof DeadLetter>;

/** A page of dead letters, oldest first. */
export const DeadLetterList = z.object({
  letters: z.array(DeadLetter),
  next: z.string().nullable(),
});
export type DeadLetterList = z.infer<typeof DeadLetterList>;

/** What to send once more: one piece of news, or all since a time that the rules let through. */
export const ReplayNews = z
  .strictObject({
    news: z
      .string()
      .regex(/^msg_[0-9a-f]{40}$/, 'expected the id of news, msg_…')
      .optional(),
    since: z.iso.datetime().optional(),
  })
  .refine(({ news, since }) => (news === undefined) !== (since === undefined), {
    message: 'name one piece of news, or a time since which to replay all',
  });
export type ReplayNews = z.infer<typeof ReplayNews>;

export const ReplayAnswer = z.object({ queued: z.number().int() });
export type ReplayAnswer = z.infer<typeof ReplayAnswer>;

/** Says whether a subscriber's rules let a piece of news through. */
export function wantsNews(
  { kinds, operators, builders, group }: SubscriptionRules,
  { type, data }: News,
  { seats, groups }: NewsAudience,
): boolean {
  if (kinds !== undefined && !kinds.includes(type)) return false;
  if (group !== undefined && !groups.includes(group)) return false;
  if (operators === undefined && builders === undefined) return true;
  const about = 'builder' in data ? [data] : seats;
  return about.some(
    ({ operator, builder }) =>
      (operators?.includes(operator) ?? false) || (builders?.includes(builder) ?? false),
  );
}
