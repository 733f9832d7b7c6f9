import type { ArtifactSummary, RoundOutcome } from '#libs/contracts';
import type { Calibration, Experiment } from '#libs/attestation';
import { IS_REPEATED } from '../rounds/repeated-rounds.js';
import type { Query } from './query.js';

/** What is stored of a decided round for lists. */
export interface SummaryRow {
  readonly round: string;
  readonly outcome: RoundOutcome | null;
  readonly eligible: number;
  readonly purpose: { readonly experiment?: Experiment; readonly calibration?: Calibration };
  readonly artifacts: ArtifactSummary[];
}

/** The same beside a round's own columns: null in all of them where nothing is stored of it. */
export type SummaryColumns = {
  readonly [Column in keyof SummaryRow as Exclude<Column, 'round'>]: SummaryRow[Column] | null;
};

/** Columns of {@link SummaryColumns}, of a `round_summary` that is joined as `told`. */
export const SUMMARY_COLUMNS = 'told."outcome", told."eligible", told."purpose", told."artifacts"';

/** How far a round has come: whatever is told of it is the same while this is. */
export interface MovingRow {
  readonly id: string;
  /** Its newest entry's log index. */
  readonly index: number;
  readonly isRepeated: boolean;
}

/** Reads what is stored of some decided rounds. */
export function summaryQuery(rounds: readonly string[]): Query {
  return {
    name: 'summaries',
    text: `SELECT "round", "outcome", "eligible", "purpose", "artifacts" FROM "round_summary"
      WHERE "round" = ANY($1)`,
    values: [rounds],
  };
}

/** Finds out how far some rounds have come, and whether another one is held on the same release. */
export function movingQuery(rounds: readonly string[]): Query {
  return {
    name: 'moving-rounds',
    text: `SELECT round."id",
        (SELECT entry."index"::float8 FROM "log_entry" entry WHERE entry."round" = round."id"
          ORDER BY entry."index" DESC LIMIT 1) AS "index",
        ${IS_REPEATED} AS "isRepeated"
      FROM "round" round WHERE round."id" = ANY($1)`,
    values: [rounds],
  };
}
