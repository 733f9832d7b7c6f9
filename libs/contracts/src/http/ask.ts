import { z } from 'zod';
import { Tag } from '#libs/attestation';
import { FACTS, MAX_COUNT, MAX_DEMANDS, type Ask as PureAsk } from '#libs/selection';

const Count = z.number().int().min(1).max(MAX_COUNT);
const Bytes = z.number().int().min(1).max(Number.MAX_SAFE_INTEGER);
/** A value as the text of an ask can hold it. */
const Word = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,59}$/, 'expected letters, digits, dots and hyphens');

/** What has to hold of one builder: all that is named. */
const Where = z.strictObject({
  tags: z.array(Tag).min(1).max(MAX_DEMANDS).optional(),
  /** As the builder's capabilities tell it; `none` is bare metal. */
  virtualisation: Word.optional(),
  isWsl: z.boolean().optional(),
  engine: Word.optional(),
  isolation: Word.optional(),
  /** Id of an era of releases that it can build. */
  era: Word.optional(),
});

const isSomething = (where: object): boolean => Object.values(where).some((it) => it !== undefined);
const SOMETHING = { message: 'names nothing that has to hold' };

/**
 * Which builders a round is to have: counts are least ones, and the choice is the fewest builders that
 * meet them all. docs/dispatch.md tells what each part means, and how it is written as a text.
 */
export const Ask = z
  .strictObject({
    operators: Count.optional(),
    builders: Count.optional(),
    /** What has to hold of everybody who is chosen. */
    each: Where.extend({ ramBytes: Bytes.optional(), diskBytes: Bytes.optional() })
      .refine(isSomething, SOMETHING)
      .optional(),
    atLeast: z
      .array(z.strictObject({ count: Count, where: Where.refine(isSomething, SOMETHING) }))
      .max(MAX_DEMANDS)
      .optional(),
    distinct: z
      .array(z.strictObject({ fact: z.enum(FACTS), count: Count }))
      .max(MAX_DEMANDS)
      .optional(),
  })
  .refine(
    ({ operators, builders, atLeast = [], distinct = [] }) =>
      operators !== undefined || builders !== undefined || atLeast.length + distinct.length > 0,
    { message: 'asks for no number of anything' },
  ) satisfies z.ZodType<PureAsk>;
export type Ask = z.infer<typeof Ask>;
