import type { Sha256 } from '#libs/encoding';
import type { ArtifactQuestion, Standing } from './claim.js';
import type { Cluster } from './cluster.js';
import type { Roster } from './roster.js';
import type { Verdict } from './verdict.js';
import { claimsOf } from './vote.js';
import { isWorkShown } from './work.js';

/** What a reader should know beside a verdict. Order is the order of output. */
export const FLAGS = [
  'advisory',
  'dissent',
  'duplicate-url',
  'expected-unknown',
  'implied-by',
  'late',
  'not-blind',
  'outside-round',
  'published-inconsistent',
  'published-mismatch',
  'repeated',
  'unrevealed',
  'weakly-witnessed',
  'work-shown',
] as const;
export type Flag = (typeof FLAGS)[number];

/** What the flags of one artifact are read from. */
export interface FlagFacts {
  readonly question: ArtifactQuestion;
  readonly verdict: Verdict;
  readonly clusters: readonly Cluster[];
  readonly expected: Sha256 | null;
  /** How many operators have to agree. */
  readonly needed: number;
  readonly impliedBy: readonly string[];
  readonly isUnrevealed: boolean;
  readonly isLate: boolean;
  /** Flags of the round itself, which every artifact of it carries. */
  readonly round: readonly Flag[];
  readonly roster: Roster;
  readonly standings: ReadonlyMap<string, Standing>;
}

const DECIDED: readonly Verdict[] = ['reproduced', 'contradicted', 'agreed'];

/** Collects the flags of one artifact, in the order of {@link FLAGS}. */
export function flagsOf(facts: FlagFacts): readonly Flag[] {
  const { question, verdict, clusters, expected } = facts;
  const raised = new Set<Flag>(facts.round);
  if (!question.elected) raised.add('advisory');
  if (expected === null) raised.add('expected-unknown');
  if (DECIDED.includes(verdict) && clusters.length > 1) raised.add('dissent');
  if (expected !== null && clusters.length > 0 && !clusters.some((c) => c.matchesExpected)) {
    raised.add('published-mismatch');
  }
  if (publishedDigests(facts).size > 1) raised.add('published-inconsistent');
  if (facts.impliedBy.length > 0) raised.add('implied-by');
  if (facts.isUnrevealed) raised.add('unrevealed');
  if (facts.isLate) raised.add('late');
  if (DECIDED.includes(verdict) && isWorkShown({ ...facts, artifact: question.name })) {
    raised.add('work-shown');
  }
  return FLAGS.filter((flag) => raised.has(flag));
}

/**
 * Collects every digest that the proposal names or that any invited builder read as published. One
 * builder's reading is enough to raise a flag, since a host may serve one caller other bytes.
 */
function publishedDigests({ question, roster, standings }: FlagFacts): ReadonlySet<Sha256> {
  const digests = new Set<Sha256>();
  if (question.expected !== null) digests.add(question.expected);
  for (const builder of roster.flatMap(({ builders }) => builders)) {
    const standing = standings.get(builder);
    for (const claim of standing === undefined ? [] : claimsOf(standing)) {
      if (claim.kind !== 'built') continue;
      for (const { artifact, digest } of claim.observations) {
        if (artifact === question.name) digests.add(digest);
      }
    }
  }
  return digests;
}
