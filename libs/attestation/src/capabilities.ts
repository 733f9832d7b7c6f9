import { z } from 'zod';
import { Label } from './statement.js';

const Bytes = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER);
/** A short word of the machine's own, such as `kvm` or `podman`. */
const Word = z
  .string()
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9._+-]{0,39}$/,
    'expected at most 40 letters, digits, dots, hyphens',
  );
const Clock = z.string().regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/, 'expected a time such as 22:00');

/** A word that an operator sorts its builders by, and rounds ask for: `bare-metal`, `eu`. */
export const Tag = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,39}$/, 'expected at most 40 lower-case letters, digits, hyphens');

/** At most 16 of them, none twice. */
export const Tags = z
  .array(Tag)
  .max(16)
  .refine((tags) => new Set(tags).size === tags.length, { message: 'a tag stands there twice' });

/** Hours of a day that a machine is a builder's alone; `from` may be later than `to`: overnight. */
export const ExclusiveHours = z.strictObject({
  from: Clock,
  to: Clock,
  /** A zone of the IANA's table, such as `Europe/Zurich`. */
  timeZone: z
    .string()
    .regex(/^[A-Za-z][A-Za-z0-9_+/-]{0,63}$/, 'expected a time zone such as Europe/Zurich'),
});
export type ExclusiveHours = z.infer<typeof ExclusiveHours>;

/**
 * What a machine says of itself as a builder. It is the builder's own word: rounds are filled by it,
 * and no verdict ever depends on it.
 */
export const Capabilities = z.strictObject({
  ramBytes: Bytes,
  /** Free bytes where it builds. */
  diskBytes: Bytes,
  cpus: z.number().int().min(1).max(65_536),
  /** Ids of the eras of commits whose needs it meets. */
  eras: z.array(z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/)).max(64),
  /** Such as `kvm`, in the fingerprint's words: `none` on bare metal; null where nobody knows. */
  virtualisation: Word.nullable(),
  isWsl: z.boolean(),
  /** What containers run by, such as `podman`; null where there is none. */
  engine: Word.nullable(),
  exclusiveHours: ExclusiveHours.nullable(),
  /** Builds that may run at one time. */
  slots: z.number().int().min(1).max(64),
  agentVersion: Word,
  /** What separates the build from the agent's keys: `user`, or `none`. */
  isolation: Word,
  /** What the machine's system calls itself, such as `debian-12`. */
  hostOs: Label.max(80).optional(),
});
export type Capabilities = z.infer<typeof Capabilities>;
