import { z } from 'zod';
import { Bytes32, Capabilities, Id, Label, Operator, Sha256Text, Tags } from '#libs/attestation';
import { Heartbeat } from '../messages/heartbeat.js';

/**
 * How a builder stands with a coordinator. `applied`: it asked, and nobody has approved it. `active`:
 * rounds may invite it. `paused`: no new rounds. `draining`: no new rounds, and `retired` once it has
 * nothing left to do. `retired`: it has left, and may ask again. `revoked`: for ever.
 */
export const BuilderStatus = z.enum([
  'applied',
  'active',
  'paused',
  'draining',
  'retired',
  'revoked',
]);
export type BuilderStatus = z.infer<typeof BuilderStatus>;

/**
 * What came of rebuilding a past release that others reproduced. `suspect`: it built other bytes, so
 * this machine is suspected first. It takes no vote away, ever.
 */
export const Calibration = z.looseObject({
  outcome: z.enum(['passed', 'suspect', 'failed', 'none']),
  /** The round in which it was rebuilt. */
  round: Sha256Text.nullable(),
  at: z.string().nullable(),
  /** Facts of the machine that no builder with the right bytes shares. */
  differs: z
    .array(
      z.looseObject({
        fact: z.string().max(200),
        own: z.string().max(400),
        others: z.string().max(400),
      }),
    )
    .max(200),
});
export type Calibration = z.infer<typeof Calibration>;

/** A builder as everybody may see it. How its operator is reached is not in it. */
export const BuilderView = z.object({
  builder: Id,
  /** The attestation key that it has now. */
  publicKey: Bytes32,
  /** Who answers for it; `name` is what it calls itself. */
  operator: Operator,
  status: BuilderStatus,
  /** What was said when the status last changed. */
  statusReason: Label.nullable(),
  capabilities: Capabilities,
  tags: Tags,
  appliedAt: z.string(),
  approvedAt: z.string().nullable(),
  lastSeenAt: z.string().nullable(),
  agentVersion: z.string().nullable(),
  heartbeat: Heartbeat.nullable(),
  calibration: Calibration.nullable(),
});
export type BuilderView = z.infer<typeof BuilderView>;

/** A page of builders, by id. */
export const BuilderList = z.object({
  builders: z.array(BuilderView),
  /** Pass as `after` for the next page; null at the end. */
  next: z.string().nullable(),
});
export type BuilderList = z.infer<typeof BuilderList>;
