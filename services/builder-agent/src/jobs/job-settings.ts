import { z } from 'zod';
import { MAX_SLOTS } from '#libs/contracts';
import { HoursText } from './exclusive-hours.js';

/** How much an agent takes on, and when. */
export const jobSettings = {
  /** Builds at one time; each wants the memory and the disk of a whole one. */
  BUILD_SLOTS: z.coerce.number().int().min(1).max(MAX_SLOTS).default(1),
  /** Most tries of a build that fails for what passes: the way to the source or to a registry. */
  BUILD_TRIES: z.coerce.number().int().min(1).max(100).default(5),
  /** Pause before the second try, in seconds; it doubles up to half an hour, within the round. */
  RETRY_SECONDS: z.coerce.number().positive().max(3_600).default(60),
  /** Most rounds that wait for a slot; more are declined. */
  MAX_QUEUED: z.coerce.number().int().min(1).max(10_000).default(32),
  /** When the machine is the builder's, such as `22:00-06:00 Europe/Zurich`; default always. */
  EXCLUSIVE_HOURS: HoursText.optional(),
  /** What becomes of a build whose round closes: its commit would come too late to count. */
  AFTER_CLOSE: z.enum(['stop', 'build']).default('stop'),
};
