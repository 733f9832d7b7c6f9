import {
  digestsOf,
  investigate,
  shortenFindings,
  walkManifests,
  type ClassifyContext,
  type KnownDigest,
} from '#libs/divergence';
import type { AskingBudget } from './asking-budget.js';
import { failedOf } from './faults.js';
import type { KeptComparison } from './kept-comparison.js';
import type { Representative } from './representative.js';
import { toldFacts, type BuiltResult } from './split-artifacts.js';

/** More of one kind say no more to anybody, and would be kept and sent with every report. */
const MAX_FINDINGS = 300;
const MAX_DIGESTS = 500;

/** Two clusters of one artifact, and who answers for them. */
export interface Pair {
  readonly artifact: string;
  readonly left: Representative & { readonly digest: string };
  readonly right: Representative & { readonly digest: string };
  /** Of other things that the same two builders did not build alike. */
  readonly digests: readonly KnownDigest[];
}

/**
 * Finds out what two builders' artifacts do not have alike. Where there is no time left for all of it, what
 * was found out is given, and says what was not looked at.
 *
 * @throws QuestionFailed, DivergenceError, where the manifests could not be walked
 */
export async function comparePair(
  { artifact, left, right, digests }: Pair,
  budget: AskingBudget,
): Promise<KeptComparison> {
  const walk = await walkManifests({
    left: { root: left.root, pages: left.asker.pages },
    right: { root: right.root, pages: right.asker.pages },
  });
  const own = digestsOf(walk);
  const faults = new Set<Representative>();
  const findings = await investigate({
    differences: walk.differences,
    left: left.asker,
    right: right.asker,
    context: contextOf(left.member.result, right.member.result, [...own, ...digests]),
    signal: budget.signal,
    onFault: (side) => faults.add(side === 'left' ? left : right),
  });
  const isUnlooked = findings.some(({ notLookedAt }) => notLookedAt !== undefined);
  const isFailed = (side: Representative): boolean =>
    side.asker.isUnanswered || (isUnlooked && faults.has(side));
  const isWhole = !budget.isOver && !isFailed(left) && !isFailed(right);
  const short = shortenFindings(findings, MAX_FINDINGS);
  return {
    artifact,
    left: left.digest,
    right: right.digest,
    leftBuilder: left.member.builder,
    rightBuilder: right.member.builder,
    ...short,
    untold: short.untold + walk.untold,
    truncated: walk.truncated,
    digests: own.slice(0, MAX_DIGESTS),
    ...{ isWhole, failed: isWhole ? [] : failedOf({ left, right }, isFailed) },
  };
}

function contextOf(
  left: BuiltResult,
  right: BuiltResult,
  digests: readonly KnownDigest[],
): ClassifyContext {
  return {
    times: { left: spanOf(left), right: spanOf(right) },
    facts: { left: toldFacts(left), right: toldFacts(right) },
    digests,
  };
}

function spanOf({ startedAt, finishedAt }: BuiltResult): { from: number; to: number } {
  return { from: Date.parse(startedAt) / 1000, to: Date.parse(finishedAt) / 1000 };
}
