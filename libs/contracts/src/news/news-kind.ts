import { z } from 'zod';

/**
 * What there is news of.
 * - `round.opened`: a round asks builders to build;
 * - `builder.late`: a round was closed, and a builder had neither committed nor declined;
 * - `builder.vanished`: a builder that is waited for has not been heard of for too long;
 * - `verdict.reached`: a round was decided;
 * - `verdict.changed`: it was decided otherwise than the round before it on the same release;
 * - `divergence.found`: builders got different bytes, or others than the proposal names;
 * - `deadline.near`: voting ends soon, and nothing is decided yet.
 */
export const NEWS_KINDS = [
  'round.opened',
  'builder.late',
  'builder.vanished',
  'verdict.reached',
  'verdict.changed',
  'divergence.found',
  'deadline.near',
] as const;
export const NewsKind = z.enum(NEWS_KINDS);
export type NewsKind = z.infer<typeof NewsKind>;
