import type { ProposalListQuery } from '#libs/contracts';
import { Values, type Query } from './query.js';
import { IS_ARCHIVED } from './round-query.js';
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
  readonly isArchived: boolean | null;
}

/** Finds out whether there is such a proposal. */
export function proposalExistsQuery(id: string): Query {
  return {
    name: 'proposal-exists',
    text: 'SELECT 1 FROM "proposal" WHERE "id" = $1',
    values: [id],
  };
}

/** Reads a page of proposals and one more, the highest id first; `below` is a proposal's id. */
export function proposalQuery({ limit }: ProposalListQuery, below: string | null): Query {
  const values = new Values();
  const where =
    below === null
      ? ''
      : `WHERE "id"::numeric < (SELECT place."id"::numeric FROM "proposal" place
          WHERE place."id" = ${values.of(below)})`;
  return {
    name: below === null ? 'proposals' : 'proposals-below',
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
          ${IS_ARCHIVED} AS "isArchived", ${SUMMARY_COLUMNS}
        FROM "round" round LEFT JOIN "round_summary" told ON told."round" = round."id" 
        WHERE round."proposal_id" = asked."proposal"
          -- A RoundOpen has a roster of kilobytes: what it is for is read there only while nothing else tells.
          AND CASE WHEN told."purpose" IS NULL
            THEN round."open"->'experiment' IS NULL AND round."open"->'calibration' IS NULL
            ELSE told."purpose"->'experiment' IS NULL AND told."purpose"->'calibration' IS NULL END
        ORDER BY round."opened_at" DESC, round."id" DESC LIMIT 1
      ) newest ON true
      ORDER BY asked."proposal"::numeric DESC`,
    values: values.all,
  };
}
