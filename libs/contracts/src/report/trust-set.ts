import { decide, parseThreshold } from '#libs/consensus';
import { reportBallot } from './report-ballot.js';
import type { Report } from './report.js';
import { trustedRoster } from './trusted-roster.js';
import { ArtifactReport } from './verdict.js';

/** Whom a reader trusts, and how many of those have to agree. */
export interface TrustSet {
  /** Operators by their names, or by the principals of their own keys. */
  readonly operators: readonly string[];
  /** A count or a fraction of {@link operators}, as `parseThreshold` reads it. */
  readonly threshold: string;
}

/** The threshold of a trust set that names none. */
export const TRUST_THRESHOLD = '2/3';

/** No roster has more operators. */
const MOST_OPERATORS = 256;

/**
 * Reads a trust set of a page's or a request's query: `trust`, once an operator, and `threshold`, or
 * {@link TRUST_THRESHOLD}. Null where nobody is named. What is named is not judged here.
 */
export function trustSetOf(query: URLSearchParams): TrustSet | null {
  const operators = [...new Set(query.getAll('trust').filter((name) => name !== ''))];
  if (operators.length === 0) return null;
  const threshold = query.get('threshold')?.trim() ?? '';
  return {
    operators: operators.slice(0, MOST_OPERATORS),
    threshold: threshold === '' ? TRUST_THRESHOLD : threshold,
  };
}

/** Writes a trust set as {@link trustSetOf} reads it, without a question mark. */
export function queryOf({ operators, threshold }: TrustSet): string {
  const pairs = [...operators.map((name) => ['trust', name]), ['threshold', threshold]];
  // A slash may stand in a query as it is, and people read fractions.
  return pairs
    .map((pair) => pair.map((text) => encodeURIComponent(text.toWellFormed())).join('='))
    .join('&')
    .replaceAll('%2F', '/');
}

/**
 * Decides a round anew as if only these operators had been asked, and this many had to agree: what
 * `decide` says for that roster and threshold on the same votes. Flags of the round itself stay. A
 * round that gives no verdict gives none here either.
 *
 * @throws TrustError OPERATOR_NOT_ASKED, NOT_RECOUNTABLE as {@link reportBallot}
 * @throws ConsensusError BAD_THRESHOLD, THRESHOLD_TOO_LOW, THRESHOLD_OUT_OF_REACH
 */
export function recountFor(report: Report, { operators, threshold }: TrustSet): ArtifactReport[] {
  const asked = parseThreshold(threshold);
  const roster = trustedRoster(report.builders, operators);
  const ballot = reportBallot(report);
  if (ballot === null) return [];
  return decide({ ...ballot, roster, threshold: asked }).map((verdict) =>
    ArtifactReport.parse(verdict),
  );
}
