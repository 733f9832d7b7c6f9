import { ExplanationReport } from '#libs/contracts';
import { explainArtifact, type ArtifactExplanation, type Separators } from '#libs/divergence';
import { unseenClusters } from './compare-split.js';
import type { Outcomes } from './experiment-outcomes.js';
import { standingComparisons, type KeptComparison } from './kept-comparison.js';
import type { RoundSplits } from './round-splits.js';
import { setAsideSentence } from './set-aside-sentence.js';

/** What explanations are made of: what is logged, and what builders answered. */
export interface SplitEvidence {
  readonly found: RoundSplits;
  /** How facts part the builders, by artifact; ranked here where one is missing, of this round alone. */
  readonly separated: ReadonlyMap<string, Separators>;
  readonly comparisons: readonly KeptComparison[];
  /** What re-builds showed, by artifact. */
  readonly outcomes: ReadonlyMap<string, Outcomes>;
}

/** What an artifact was explained by, and how. */
interface Explained {
  readonly by: readonly (KeptComparison | ArtifactExplanation)[];
  readonly explanation: ArtifactExplanation;
  readonly report: ExplanationReport;
}

/** Explanations that are made of the same evidence but for comparisons, by artifact. */
export type ExplainedBefore = Map<string, Explained>;

/**
 * Explains the artifacts of a round that split. Equal evidence gives equal explanations. Of those in
 * `before`, which is brought up to date, only such are made anew that have other comparisons now.
 */
export function explainSplits(
  { found: { splits, impliedBy, names }, separated, comparisons, outcomes }: SplitEvidence,
  before: ExplainedBefore = new Map(),
): readonly ExplanationReport[] {
  const told = new Map<string, ArtifactExplanation>();
  return splits.map((split) => {
    const { name, observations } = split;
    const own = standingComparisons(comparisons, name);
    const embeds = impliedBy.get(name) ?? [];
    const embedded = embeds.flatMap((it) => told.get(it) ?? []);
    const by = [...own, ...embedded];
    const known = before.get(name);
    if (known !== undefined && areSame(known.by, by)) {
      told.set(name, known.explanation);
      return known.report;
    }
    const ranked = separated.get(name);
    const explanation = explainArtifact({
      artifact: name,
      observations,
      ...(ranked !== undefined && { separated: ranked }),
      comparisons: own,
      impliedBy: embeds,
      embedded,
      outcomes: outcomes.get(name)?.telling ?? [],
      names,
    });
    const sentence = setAsideSentence(outcomes.get(name)?.setAside ?? [], names);
    const report = ExplanationReport.parse({
      ...explanation,
      paragraph: [explanation.paragraph, ...sentence].join(' '),
      compared: own.map(({ leftBuilder: left, rightBuilder: right }) => ({ left, right })),
      unseen: unseenClusters(split, own),
      firstAffected: null,
    });
    told.set(name, explanation);
    before.set(name, { by, explanation, report });
    return report;
  });
}

function areSame<T>(some: readonly T[], others: readonly T[]): boolean {
  return some.length === others.length && some.every((one, at) => one === others[at]);
}
