import { z } from 'zod';
import { Id, Label } from '#libs/attestation';
import { PageLimit } from '../api/parameters.js';

/** The part of an invite that may be told: its name. */
export const InviteId = z
  .string()
  .regex(/^[0-9a-f]{16}$/, 'expected the 16 hex characters of an invite');

/** A one-time word that lets a builder in without waiting: `rqi_`, its name, and its secret. */
export const InviteToken = z
  .string()
  .regex(/^rqi_[0-9a-f]{16}_[A-Za-z0-9_-]{43}$/, 'expected an invite such as rqi_…');

/** Gives the name of an invite; the text has to be an {@link InviteToken}. */
export function inviteId(invite: string): string {
  return invite.slice('rqi_'.length, 'rqi_'.length + 16);
}

/** Asks for an invite. */
export const MakeInvite = z.strictObject({
  /** Seconds until it is void. */
  seconds: z
    .number()
    .int()
    .min(1)
    .max(30 * 86_400)
    .default(3 * 86_400),
  /** What the group calls whom it is for; only people read it. */
  label: Label.optional(),
  /** The operator's public key, base64 of 32 bytes: then the invite is good for nobody else. */
  operatorKey: z.string().max(400).optional(),
});
export type MakeInvite = z.infer<typeof MakeInvite>;

/** An invite; its secret is shown here and never again. */
export const Invite = z.object({ id: InviteId, invite: InviteToken, expiresAt: z.string() });
export type Invite = z.infer<typeof Invite>;

/** How an invite stands: whoever has it comes in while it is `open`, and at no other time. */
export const InviteStatus = z.enum(['open', 'used', 'withdrawn', 'expired']);
export type InviteStatus = z.infer<typeof InviteStatus>;

/** An invite as the group sees it, without its secret. */
export const InviteView = z.object({
  id: InviteId,
  status: InviteStatus,
  label: z.string().nullable(),
  /** Base64 of the operator's key that it is bound to; null for whoever has it. */
  operatorKey: z.string().nullable(),
  expiresAt: z.string(),
  /** The builder that came in by it. */
  usedBy: Id.nullable(),
});
export type InviteView = z.infer<typeof InviteView>;

/** Which invites to list. */
export const InviteListQuery = z.object({
  limit: PageLimit,
  /** The `next` of the page before. */
  after: z.union([InviteId, z.literal('')]).default(''),
  status: InviteStatus.optional(),
});
export type InviteListQuery = z.infer<typeof InviteListQuery>;

export const InviteParams = z.object({ id: InviteId });

/** A page of invites, by id. */
export const InviteList = z.object({
  invites: z.array(InviteView),
  next: z.string().nullable(),
});
export type InviteList = z.infer<typeof InviteList>;
