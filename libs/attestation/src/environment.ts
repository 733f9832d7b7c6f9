import { z } from 'zod';
import { quickList, quickObject, quickRecord, quickValue } from './quick-match.js';
import { Label, quickLabel } from './statement.js';

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

export const quickEnvironment = quickObject({
  source: quickValue('measured', 'declared'),
  facts: quickRecord(
    quickLabel,
    (value) =>
      value === null ||
      typeof value === 'boolean' ||
      (typeof value === 'string' ? value.length <= 400 : Number.isFinite(value)),
  ),
  withheld: quickList(1000, quickLabel),
});
