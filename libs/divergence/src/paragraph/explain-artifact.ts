import { compareText } from '#libs/encoding';
import { conclude, type Concluded, type ExperimentOutcome } from '../conclusion/conclude.js';
import { comparedClusters, isCut, notToldBy } from '../conclusion/coverage.js';
import type { Comparison, Finding } from '../difference.js';
import { proposeExperiment } from '../experiment/propose-experiment.js';
import type { ArtifactExplanation, Conclusion, Observation, Suspicion } from '../explanation.js';
import { foldArtifacts, isImplied } from '../folding/fold.js';
import { packageOf } from '../folding/packages.js';
import type { ExactTables } from '../statistics/exact-tables.js';
import { separators, type Separators } from '../statistics/separators.js';
import { paragraphOf } from './paragraph.js';

/** All that is known of one artifact's split. */
export interface SplitArtifact {
  readonly artifact: string;
  /** Builders with a result of this artifact, in this round. */
  readonly observations: readonly Observation[];
  /** Those of earlier rounds of the same artifact, one list a round, the newest first. */
  readonly earlier?: readonly (readonly Observation[])[];
  /** Findings between pairs of clusters; empty where no bytes could be compared. */
  readonly comparisons: readonly Comparison[];
  /** Artifacts that this one embeds and that differ too, as the verdict's `impliedBy` has them. */
  readonly impliedBy?: readonly string[];
  /** Explanations of those, where they are at hand: what they bring is explained as there. */
  readonly embedded?: readonly ArtifactExplanation[];
  /** What re-builds showed, in the order in which they were made. */
  readonly outcomes?: readonly ExperimentOutcome[];
  /** Names of builders for readers; ids are used where one is missing. */
  readonly names?: Readonly<Record<string, string>>;
  /** Keeps what was counted out for further artifacts. */
  readonly tables?: ExactTables;
  /** What `separators` gives of the same observations, where it is at hand. */
  readonly separated?: Separators;
}

/**
 * Puts together why one artifact split: facts that go with it, what differs, the conclusion, the next
 * experiment where one would help, and a paragraph. The same input gives the same answer everywhere.
 *
 * @throws DivergenceError as `separators`
 */
export function explainArtifact(split: SplitArtifact): ArtifactExplanation {
  const { artifact, observations, outcomes = [], names = {}, impliedBy = [] } = split;
  const { factsTried, groups } = split.separated ?? separate(split);
  const comparisons = split.comparisons.map((comparison) => ({
    ...comparison,
    findings: foldArtifacts(comparison.findings, impliedBy),
  }));
  const { conclusion, suspicions, open } = concluded(split, comparisons, groups);
  const notTold = notToldBy(comparisons);
  const told: Omit<ArtifactExplanation, 'paragraph'> = {
    artifact,
    clusters: clustersOf(observations),
    factsTried,
    separators: groups,
    findings: merged(comparisons),
    ...(notTold !== null && { notTold }),
    ...{ suspicions, conclusion },
    next:
      conclusion === 'explained'
        ? null
        : proposeExperiment({ observations, hypotheses: open, steady: steadyIn(outcomes), names }),
  };
  const nameOf = (builder: string): string =>
    Object.hasOwn(names, builder) ? (names[builder] ?? builder) : builder;
  const compared = comparedClusters(comparisons).size;
  const telling = { ...told, observations, impliedBy, compared, nameOf };
  return { ...told, paragraph: paragraphOf(telling) };
}

function separate({ observations, earlier, tables }: SplitArtifact): Separators {
  return separators(observations, {
    ...(earlier !== undefined && { earlier }),
    ...(tables !== undefined && { tables }),
  });
}

function concluded(
  { observations, outcomes = [], embedded = [] }: SplitArtifact,
  comparisons: readonly Comparison[],
  groups: Separators['groups'],
): Concluded {
  const lent = embedded.filter(({ artifact }) =>
    comparisons.some(({ findings }) => findings.some((finding) => isBrought(finding, artifact))),
  );
  const own = comparisons.map((comparison) => ({
    ...comparison,
    findings: comparison.findings.filter(
      (finding) => !lent.some(({ artifact }) => isBrought(finding, artifact)),
    ),
  }));
  const isAllLent =
    lent.length > 0 && own.every((each) => !isCut(each) && each.findings.every(isImplied));
  const evidence = { observations, separators: groups, comparisons: own, outcomes };
  const mine = isAllLent ? [] : [conclude(evidence)];
  const all = [...mine, ...lent.map((each) => ({ ...each, open: [] }))];
  return {
    conclusion: worst(all.map(({ conclusion }) => conclusion)),
    suspicions: distinct(all.flatMap(({ suspicions }) => suspicions)),
    open: mine.flatMap(({ open }) => open),
  };
}

function isBrought({ impliedBy }: Finding, artifact: string): boolean {
  return impliedBy?.length === 1 && impliedBy[0] === artifact;
}

function worst(conclusions: readonly Conclusion[]): Conclusion {
  if (conclusions.length === 0 || conclusions.includes('unexplained')) return 'unexplained';
  return conclusions.includes('ambiguous') ? 'ambiguous' : 'explained';
}

function distinct(suspicions: readonly Suspicion[]): readonly Suspicion[] {
  const byCause = new Map(suspicions.toReversed().map((each) => [each.cause, each]));
  return suspicions.filter((each) => byCause.get(each.cause) === each);
}

/** What several comparisons show alike is told once, as a root cause where it is one in any; these first. */
function merged(comparisons: readonly Comparison[]): readonly Finding[] {
  const all = comparisons.flatMap(({ findings }) => findings);
  const seen = new Set<string>();
  return [...all.filter((finding) => !isImplied(finding)), ...all.filter(isImplied)].filter(
    (finding) => {
      const { difference, class: kind, seenFacts, notLookedAt = null } = finding;
      // One status tells of many packages.
      const name = packageOf(finding)?.name ?? null;
      const { location, aspects } = difference;
      const key = JSON.stringify([location, kind, aspects, notLookedAt, seenFacts, name]);
      return !seen.has(key) && seen.add(key);
    },
  );
}

function clustersOf(observations: readonly Observation[]): ArtifactExplanation['clusters'] {
  const groups = Map.groupBy(observations, ({ cluster }) => cluster);
  return [...groups]
    .map(([digest, members]) => ({
      digest,
      builders: members.map(({ builder }) => builder).sort(compareText),
    }))
    .sort((a, b) => b.builders.length - a.builders.length || compareText(a.digest, b.digest));
}

/** Builders of which it was seen that they build the same bytes twice. */
function steadyIn(outcomes: readonly ExperimentOutcome[]): readonly string[] {
  return outcomes
    .filter(({ fact, before, after }) => fact === null && before === after)
    .map(({ builder }) => builder);
}
