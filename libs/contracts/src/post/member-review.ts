import type { BuilderReport, Report } from '../report/report.js';
import type { ArtifactReport } from '../report/verdict.js';
import { timelinessOf, type Timeliness } from './timeliness.js';

/** What one operator came to for one artifact. */
export interface ReviewedArtifact {
  readonly artifact: ArtifactReport;
  readonly outcome:
    | 'matches'
    | 'differs'
    | 'nothing-to-compare'
    | 'contradicts-itself'
    | 'failed'
    | 'late'
    | 'unrevealed'
    | 'nothing';
  /** What it built: one, or several where its builders contradict each other. */
  readonly digests: readonly string[];
}

/** What one operator built in a round, what of it matched, and when. */
export interface MemberReview {
  readonly member: string;
  readonly artifacts: readonly ReviewedArtifact[];
  readonly builders: readonly {
    readonly builder: BuilderReport;
    /** Null where nothing was attested, or no vote's deadline is known. */
    readonly timeliness: Timeliness | null;
  }[];
}

/** The operators that a round asked, in the report's order; each may have several builders. */
export function membersOf({ builders }: Pick<Report, 'builders'>): readonly string[] {
  return [...new Set(builders.map(({ operator }) => operator))];
}

/** Gathers what an operator did in a round; null where the round did not ask it. */
export function memberReviewOf(report: Report, member: string): MemberReview | null {
  const own = report.builders.filter(({ operator }) => operator === member);
  if (own.length === 0) return null;
  return {
    member,
    artifacts: report.artifacts.map((artifact) => ({ artifact, ...votedBy(member, artifact) })),
    builders: own.map((builder) => ({ builder, timeliness: timelinessOf(report, builder) })),
  };
}

function votedBy(
  member: string,
  artifact: ArtifactReport,
): Pick<ReviewedArtifact, 'outcome' | 'digests'> {
  const isOwn = ({ operator }: { readonly operator: string }): boolean => operator === member;
  const contradiction = artifact.selfContradicting.find(isOwn);
  if (contradiction !== undefined) {
    const digests = [...new Set(contradiction.votes.map(({ digest }) => digest))];
    return { outcome: 'contradicts-itself', digests };
  }
  const cluster = artifact.clusters.find(({ operators }) => operators.includes(member));
  if (cluster !== undefined) {
    const outcome = cluster.matchesExpected
      ? 'matches'
      : artifact.expected === null
        ? 'nothing-to-compare'
        : 'differs';
    return { outcome, digests: [cluster.digest] };
  }
  if (artifact.failed.some(isOwn)) return { outcome: 'failed', digests: [] };
  if (artifact.late.some(isOwn)) return { outcome: 'late', digests: [] };
  if (artifact.unrevealed.some(isOwn)) return { outcome: 'unrevealed', digests: [] };
  return { outcome: 'nothing', digests: [] };
}
