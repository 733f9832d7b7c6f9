import { z } from 'zod';
import { Id, Sha256Text } from '#libs/attestation';
import { Progress } from '../messages/messages.js';

/** Most characters of a build's log that one event shows. */
export const MAX_LOG_EVENT_CHARS = 16_384;

const Round = { round: Sha256Text };

/** The round is another one than it was: its report is to be fetched anew. */
export const RoundChanged = z.object({
  kind: z.literal('changed'),
  ...Round,
  phase: z.enum(['open', 'revealing', 'final']),
  /** Differs whenever what is logged or explained of the round does; nothing else is to be read from it. */
  version: z.string().regex(/^[0-9a-z.-]{1,100}$/),
});
export type RoundChanged = z.infer<typeof RoundChanged>;

/** How far a builder says that it is. Unsigned, and no part of the round's version. */
export const RoundProgress = z.object({
  kind: z.literal('progress'),
  ...Round,
  builder: Id,
  stage: Progress.shape.stage,
  /** 0 to 100 within the stage, where it can be told. */
  percent: Progress.shape.percent,
});
export type RoundProgress = z.infer<typeof RoundProgress>;

/** A piece of a builder's build log while it builds; only in rounds that are not blind. */
export const RoundLog = z.object({
  kind: z.literal('log'),
  ...Round,
  builder: Id,
  /** Where in the log the piece begins, before anything was masked. A gap before it was not told in time. */
  fromByte: z.number().int().min(0),
  /** Where the next piece begins unless there is a gap; what begins before it was told already. */
  nextByte: z.number().int().min(0),
  text: z.string().max(MAX_LOG_EVENT_CHARS),
});
export type RoundLog = z.infer<typeof RoundLog>;

/** The round has its verdict, and the stream ends. */
export const RoundFinal = z.object({ kind: z.literal('final'), ...Round });
export type RoundFinal = z.infer<typeof RoundFinal>;

/**
 * What `GET /v1/rounds/:round/events` tells, as the `data` of server-sent events. Each event's name is
 * its `kind`; `changed` and `final` have the version as their `id`, to come back with as `Last-Event-ID`.
 *
 * Source: HTML Living Standard, section 9.2
 */
export const RoundEvent = z.discriminatedUnion('kind', [
  RoundChanged,
  RoundProgress,
  RoundLog,
  RoundFinal,
]);
export type RoundEvent = z.infer<typeof RoundEvent>;
