import type { RoundListQuery } from '#libs/contracts';
import { conditions, named, Values, type Query } from './query.js';
import { SUMMARY_COLUMNS, type SummaryColumns } from './summary-query.js';

/** A round as lists read it, with what is stored of its verdict. */
export interface RoundRow extends SummaryColumns {
  readonly id: string;
  readonly phase: 'open' | 'revealing' | 'final';
  readonly release: string;
  readonly proposalId: string | null;
  readonly openedAt: Date;
  /** Whether its envelopes have left the database. */
  readonly isArchived: boolean;
}

/** Whether the envelopes of a `round` have left the database. By EXISTS all archived rounds would be read. */
export const IS_ARCHIVED = `(SELECT away."pruned_at" FROM "archived_round" away
  WHERE away."round" = round."id") IS NOT NULL`;

/** The columns of the round itself. */
export const ROUND_ONLY = `round."id", round."phase", round."release",
  round."proposal_id" AS "proposalId", round."opened_at" AS "openedAt", ${IS_ARCHIVED} AS "isArchived"`;

/** Those, and what is stored of its verdict: `round_summary` has to be joined as `told`. */
export const ROUND_COLUMNS = `${ROUND_ONLY}, ${SUMMARY_COLUMNS}`;

/** Finds out whether there is such a round. */
export function roundExistsQuery(round: string): Query {
  return {
    name: 'round-exists',
    text: 'SELECT 1 FROM "round" WHERE "id" = $1',
    values: [round],
  };
}

/** What rounds are below a round that a value names; nothing is where there is no such round. */
export function belowRound(key: string, value: string): string {
  return `(${key}) < ((SELECT place."opened_at" FROM "round" place WHERE place."id" = ${value}), ${value})`;
}

/** Filters of which each value is about as frequent as others, or has an index in the list's order. */
const EVEN = new Set(['commit', 'proposal', 'phase', 'outcome']);

/** Reads a page of rounds and one more, newest first; `below` is a round's id. */
export function roundQuery(asked: RoundListQuery, below: string | null): Query {
  const values = new Values();
  const { commit, proposal, phase, outcome, operator, builder, limit } = asked;
  const where: string[] = [];
  // An outcome has an index in the order of the list: then it is that one which is gone through.
  const key =
    outcome === undefined ? 'round."opened_at", round."id"' : 'told."opened_at", told."round"';
  if (outcome !== undefined) where.push(`told."outcome" = ${values.of(outcome)}`);
  if (commit !== undefined) where.push(`round."release" = ${values.of(`ic/${commit}`)}`);
  if (proposal !== undefined) where.push(`round."proposal_id" = ${values.of(proposal)}`);
  if (phase !== undefined) where.push(`round."phase" = ${values.of(phase)}`);
  if (builder !== undefined) where.push(seated('builder', values.of(builder)));
  if (operator !== undefined) where.push(seated('operator', values.of(operator)));
  if (below !== null) where.push(belowRound(key, values.of(below)));
  const joined = `${outcome === undefined ? 'LEFT ' : ''}JOIN "round_summary" told ON told."round" = round."id"`;
  return {
    ...named('rounds', asked, { among: EVEN, isBelow: below !== null }),
    text: `SELECT ${ROUND_COLUMNS} FROM "round" round ${joined} ${conditions('WHERE', where)}
      ORDER BY ${key.replaceAll('",', '" DESC,')} DESC LIMIT ${values.of(limit + 1)}`,
    values: values.all,
  };
}

function seated(column: 'builder' | 'operator', value: string): string {
  return `EXISTS (SELECT 1 FROM "round_builder" seat
    WHERE seat."round" = round."id" AND seat."${column}" = ${value})`;
}
