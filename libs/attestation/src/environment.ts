import { z } from 'zod';
import { Label } from './statement.js';

/** One fact about the machine; null where it could not be read. */
export const FactValue = z.union([z.string().max(400), z.number(), z.boolean(), z.null()]);
export type FactValue = z.infer<typeof FactValue>;

/**
 * The machine that built, as its statement tells it. `withheld` facts exist and were kept back: for
 * comparisons they are missing values, never equal ones.
 */
export const Environment = z.object({
  source: z.enum(['measured', 'declared']),
  facts: z
    .record(Label, FactValue)
    .refine((facts) => Object.keys(facts).length <= 1000, 'too many'),
  withheld: z.array(Label).max(1000),
});
export type Environment = z.infer<typeof Environment>;
