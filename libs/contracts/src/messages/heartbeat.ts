import { z } from 'zod';
import { Envelope, Id, Sha256Text } from '#libs/attestation';
import { AgentOrder } from './agent-order.js';

/** Seconds between two heartbeats of an agent. */
export const HEARTBEAT_SECONDS = 15;
/** Seconds without a heartbeat after which what a builder had begun is not counted as running. */
export const HEARTBEAT_LEASE_SECONDS = 4 * HEARTBEAT_SECONDS;
/** Most builds that one agent runs at a time. */
export const MAX_SLOTS = 64;

/** Whether an agent takes up what is dispatched. A paused or draining one builds what it has begun. */
export const AgentMood = z.enum(['ready', 'paused', 'draining']);
export type AgentMood = z.infer<typeof AgentMood>;

/**
 * A builder is alive, and has this much to do. Unsigned: it is shown to people and frees a slot, and
 * decides nothing that counts.
 */
export const Heartbeat = z.strictObject({
  builder: Id,
  agentVersion: z.string().regex(/^[0-9A-Za-z][0-9A-Za-z.+-]{0,39}$/),
  mood: AgentMood,
  /** Builds that may run at a time. */
  slots: z.number().int().min(1).max(MAX_SLOTS),
  /** Rounds that are being built. */
  running: z.array(Sha256Text).max(MAX_SLOTS),
  /** Rounds that wait for a slot, or for their next try. */
  queued: z.number().int().min(0).max(1_000_000),
  /** Passing failures since the agent began, after which a build was put back. */
  requeued: z.number().int().min(0),
  /** Free bytes where builds are made; null where it cannot be told. */
  freeBytes: z.number().int().min(0).nullable(),
  at: z.iso.datetime(),
});
export type Heartbeat = z.infer<typeof Heartbeat>;

/**
 * What the coordinator says to a heartbeat. `stop` is for a builder that was retired or revoked; one
 * that is not in the registry is told to continue.
 */
export const HeartbeatAnswer = z.strictObject({ order: AgentOrder });
export type HeartbeatAnswer = z.infer<typeof HeartbeatAnswer>;

/** Asks an agent to stop a build at once: a BuildCancel or a RoundClose, signed by the coordinator. */
export const CancelAsked = z.strictObject({ order: Envelope });
export type CancelAsked = z.infer<typeof CancelAsked>;

/**
 * What became of it. `stopped`: no process and no container of the build is left. `not-running`: it was
 * not begun, or is over; it will not begin. `refused`: the order is not the coordinator's.
 */
export const CancelAnswer = z.strictObject({
  outcome: z.enum(['stopped', 'not-running', 'refused']),
  /** Milliseconds until nothing of it ran. */
  tookMs: z.number().int().min(0),
});
export type CancelAnswer = z.infer<typeof CancelAnswer>;

/** Asks the coordinator over HTTP to send such an order to one builder. */
export const CancelBuild = z.strictObject({ builder: Id });
export type CancelBuild = z.infer<typeof CancelBuild>;
