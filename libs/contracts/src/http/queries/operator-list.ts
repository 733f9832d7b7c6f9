import { z } from 'zod';
import { Limit, Next, PartyText } from './page.js';

/** Which operators to list. */
export const OperatorListQuery = z.object({
  limit: Limit,
  /** The `next` of the page before. */
  after: z.union([PartyText, z.literal('')]).default(''),
});
export type OperatorListQuery = z.infer<typeof OperatorListQuery>;

/** An operator, as the rosters of rounds have it. */
export const OperatorSummary = z.object({
  operator: z.string(),
  /** Every builder that rounds had as one of its own, by id; the first 100. */
  builders: z.array(z.string()),
  /** The newest round that one of them was invited to. */
  newest: z.object({ round: z.string(), openedAt: z.string() }),
});
export type OperatorSummary = z.infer<typeof OperatorSummary>;

/** A page of operators, by name. */
export const OperatorList = z.object({ operators: z.array(OperatorSummary), next: Next });
export type OperatorList = z.infer<typeof OperatorList>;
