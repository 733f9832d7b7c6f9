import type { ProposalListQuery } from '#libs/contracts';
import { Values, type Query } from './query.js';
import { SUMMARY_COLUMNS, type SummaryColumns } from './summary-query.js';

/** A proposal, and its newest round that gives a verdict: null in all of its columns where none was opened. */
export interface ProposalRow extends SummaryColumns {
  readonly proposal: string;
  readonly title: string;
  readonly kind: 'elects' | 'unelects-only' | 'deploys';
  readonly commit: string | null;
  readonly votingEndsAt: Date | null;
  readonly archivedAt: Date;
  readonly rounds: number;
  readonly id: string | null;
  readonly phase: 'open' | 'revealing' | 'final' | null;
  readonly release: string | null;
  readonly openedAt: Date | null;
}

/** Reads a page of proposals and one more, the highest id first; `below` is a proposal's id. */
export function proposalQuery({ limit }: ProposalListQuery, below: string | null): Query {
  const values = new Values();
  const where = below === null ? '' : `WHERE "id"::numeric < ${values.of(below)}::numeric`;
  return {
    text: `SELECT asked.*, newest.*,
        (SELECT count(*)::int FROM "round" own WHERE own."proposal_id" = asked."proposal") AS "rounds"
      FROM (
        SELECT "id" AS "proposal", "title", "decision"->>'kind' AS "kind",
          "decision"->>'commit' AS "commit", "voting_ends_at" AS "votingEndsAt",
          "archived_at" AS "archivedAt"
        FROM "proposal" ${where} ORDER BY "id"::numeric DESC LIMIT ${values.of(limit + 1)}
      ) asked
      LEFT JOIN LATERAL (
        SELECT round."id", round."phase", round."release", round."opened_at" AS "openedAt",
          ${SUMMARY_COLUMNS}
        FROM "round" round LEFT JOIN "round_summary" told ON told."round" = round."id" WHERE round."proposal_id" = asked."proposal"
          AND round."open"->'experiment' IS NULL AND round."open"->'calibration' IS NULL
        ORDER BY round."opened_at" DESC, round."id" DESC LIMIT 1
      ) newest ON true
      ORDER BY asked."proposal"::numeric DESC`,
    values: values.all,
  };
}
