import { describe, expect, test } from 'vitest';
import type { ExplanationReport } from '#libs/contracts';
import type { Finding } from '#libs/divergence';
import { explainSplits, type ExplainedBefore } from './explain-split.js';
import { failedBuilders, mergeComparisons, type KeptComparison } from './kept-comparison.js';

const ARTIFACT = 'guestos/update-img';
const [A, B, C] = ['a', 'b', 'c'].map((digit) => digit.repeat(64)) as [string, string, string];

const STAMP: Finding = {
  difference: {
    ...{ location: ['', 'etc/stamp'], kind: 'file', aspects: ['content'] },
    ...{ left: { content: A }, right: { content: B } },
  },
  ...{ class: 'timestamp', detail: 'two times', seenFacts: [] },
};
const UNLOOKED: Finding = { ...STAMP, class: 'unknown', notLookedAt: 'file' };

function kept(left: string, right: string, over: Partial<KeptComparison> = {}): KeptComparison {
  return {
    ...{ artifact: ARTIFACT, left, right, leftBuilder: 'l', rightBuilder: 'r' },
    ...{ findings: [STAMP], digests: [], isWhole: true, ...over },
  };
}

const broken = (left: string, right: string, failed: readonly string[]): KeptComparison =>
  kept(left, right, { findings: [UNLOOKED], isWhole: false, failed });

function conclusionOf(comparisons: readonly KeptComparison[]): readonly [string, number] {
  const observations = [A, B, C].map((cluster) => ({ builder: cluster, cluster, facts: {} }));
  const clusters = [A, B, C].map((digest) => ({ digest, members: [] }));
  const splits = [{ name: ARTIFACT, clusters, observations }];
  const [told] = explainSplits({
    found: { splits, impliedBy: new Map(), names: {} },
    ...{ separated: new Map(), comparisons, outcomes: new Map() },
  });
  return [told!.conclusion, told!.compared.length];
}

describe('a comparison that broke off', () => {
  test('stands in the way of an explanation until whole ones hold its clusters together', () => {
    expect(conclusionOf([kept(A, B), broken(B, C, ['x'])])).toEqual(['unexplained', 2]);
    expect(conclusionOf([kept(A, B), kept(A, C), broken(B, C, ['x'])])).toEqual(['explained', 2]);
  });

  test('is told of no more than that it was tried, where the manifests could not be walked', () => {
    const unwalked = { ...broken(A, C, ['x']), isWalked: false, findings: [] };
    expect(conclusionOf([kept(A, B), unwalked])).toEqual(['explained', 1]);
    expect(mergeComparisons([broken(A, C, ['y'])], [unwalked])).toEqual([broken(A, C, ['y', 'x'])]);
  });

  test('keeps who failed before, the latest one last, until it is whole', () => {
    const first = mergeComparisons([], [broken(A, B, ['x'])]);
    const second = mergeComparisons(first, [broken(A, B, ['y'])]);
    expect(failedBuilders(second, ARTIFACT)).toEqual(['x', 'y']);
    const third = mergeComparisons(second, [broken(A, B, ['x'])]);
    expect(failedBuilders(third, ARTIFACT)).toEqual(['y', 'x']);
    expect(failedBuilders(mergeComparisons(third, [kept(A, B)]), ARTIFACT)).toEqual([]);
  });
});

describe('explanations of one look', () => {
  test('are made anew of those artifacts alone that have other comparisons, and what embeds these', () => {
    const observations = [A, B].map((cluster) => ({ builder: cluster, cluster, facts: {} }));
    const clusters = [A, B].map((digest) => ({ digest, members: [] }));
    const splits = ['inner', 'outer', 'other'].map((name) => ({ name, clusters, observations }));
    const found = { splits, impliedBy: new Map([['outer', ['inner']]]), names: {} };
    const before: ExplainedBefore = new Map();
    const told = (comparisons: readonly KeptComparison[]): readonly ExplanationReport[] =>
      explainSplits({ found, separated: new Map(), comparisons, outcomes: new Map() }, before);
    const first = told([]);
    const second = told([kept(A, B, { artifact: 'inner' })]);
    expect(second.map((report, at) => report === first[at])).toEqual([false, false, true]);
    expect(second[0]?.conclusion).toBe('explained');
    expect(second).toEqual(
      explainSplits({
        ...{ found, separated: new Map(), outcomes: new Map() },
        comparisons: [kept(A, B, { artifact: 'inner' })],
      }),
    );
  });
});
