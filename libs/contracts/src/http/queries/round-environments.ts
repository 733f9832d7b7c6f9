import { z } from 'zod';
import { FactValue } from '#libs/attestation';

/** `only=differences` leaves out what all machines have alike. */
export const EnvironmentsQuery = z.object({ only: z.literal('differences').optional() });
export type EnvironmentsQuery = z.infer<typeof EnvironmentsQuery>;

/** One machine that showed a result. */
export const BuilderEnvironment = z.object({
  builder: z.string(),
  operator: z.string(),
  /** Null where no result was shown; facts without it are missing below. */
  source: z.enum(['measured', 'declared']).nullable(),
});

/** One fact of all machines, grouped by its value. */
export const EnvironmentFact = z.object({
  fact: z.string(),
  /** Whether two machines tell different values; one that tells none differs from nobody. */
  differs: z.boolean(),
  /** The most frequent first. Null: it could not be read. */
  values: z.array(z.object({ value: FactValue, builders: z.array(z.string()) })),
  /** Builders that kept it back. */
  withheld: z.array(z.string()),
});
export type EnvironmentFact = z.infer<typeof EnvironmentFact>;

/** The machines of a round by their facts. Of a blind round empty before its close. */
export const RoundEnvironments = z.object({
  builders: z.array(BuilderEnvironment),
  facts: z.array(EnvironmentFact),
});
export type RoundEnvironments = z.infer<typeof RoundEnvironments>;
