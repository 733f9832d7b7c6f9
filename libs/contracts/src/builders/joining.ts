import { z } from 'zod';
import { Envelope, Id, Label } from '#libs/attestation';
import { BuilderStatus, BuilderView } from './builder-view.js';
import { InviteToken } from './invites.js';

/** Characters of a payload: three keys and four proofs, or a machine, in a few thousand. */
const PAYLOAD_LIMIT = 32_768;

const Small = Envelope.refine(({ payload }) => payload.length <= PAYLOAD_LIMIT, {
  message: `has more than ${PAYLOAD_LIMIT} characters of payload`,
});

/**
 * Asks a coordinator to have a builder: the operator's record that brought the keys which it has, and its
 * own application.
 */
export const Enrol = z.strictObject({
  enrolment: Small,
  application: Small,
  invite: InviteToken.optional(),
});
export type Enrol = z.infer<typeof Enrol>;

/** What became of it, and what comes next, for people. */
export const Enrolled = z.object({ builder: Id, status: BuilderStatus, next: z.string() });
export type Enrolled = z.infer<typeof Enrolled>;

/** Approves a builder as it was shown: refused where it has sent another application since. */
export const ApproveBuilder = z.strictObject({
  operator: Id.optional(),
  /** As the view has it. */
  appliedAt: z.iso.datetime().max(30).optional(),
});
export type ApproveBuilder = z.infer<typeof ApproveBuilder>;

/** Orders something of a builder by the group's token, or by the operator's own signature. */
export const OrderBuilder = z.strictObject({ reason: Label.optional() });
export type OrderBuilder = z.infer<typeof OrderBuilder>;

/** An operator's signed order; with `revoke` the record that revokes the builder's key may come along. */
export const SignedOrder = z.strictObject({ order: Small, revocation: Small.optional() });
export type SignedOrder = z.infer<typeof SignedOrder>;

/** How a builder stands after an order. */
export const Ordered = z.object({
  builder: Id,
  status: BuilderStatus,
  /** False where it stood so already. */
  isChanged: z.boolean(),
});
export type Ordered = z.infer<typeof Ordered>;

/** What only the group sees of a builder that asks to join, or has. */
export const BuilderApplicationView = z.object({
  builder: BuilderView,
  contact: z.string().nullable(),
  /** The key record that is logged once it is approved, or was before. */
  enrolment: Envelope,
});
export type BuilderApplicationView = z.infer<typeof BuilderApplicationView>;

/** What a builder signs in to NATS with: good for nobody without the NATS key itself. */
export const BuilderCredentials = z.object({
  builder: Id,
  status: BuilderStatus,
  /** A NATS user JWT; null where NATS asks nobody who he is, and for who is not let in. */
  jwt: z.string().nullable(),
  /** When the JWT ends: fetch another before. */
  expiresAt: z.string().nullable(),
  servers: z.array(z.string().max(400)).min(1).max(16),
});
export type BuilderCredentials = z.infer<typeof BuilderCredentials>;
