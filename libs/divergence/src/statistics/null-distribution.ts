/** Scores are whole multiples of this, so that equal ones meet whatever was added up first. */
export const SCORE_UNIT = 1e-9;
/** Scores that are closer than rounding tells apart are taken as equal: never in a fact's favour. */
const SLACK = 1000;
/** How many different scores are told apart, before near ones are taken together. */
const MAX_SCORES = 4000;

/** How often chance alone gives each score, given all margins. A high score is an extreme one. */
export interface NullDistribution {
  /** Descending. */
  readonly scores: readonly number[];
  /** The chance of the score of the same index, or a higher one. */
  readonly tails: readonly number[];
}

/** What is certain: one score. */
export const CERTAIN: NullDistribution = { scores: [0], tails: [1] };

/** Makes a distribution of scores and the chance of each. */
export function distributionOf(chances: ReadonlyMap<number, number>): NullDistribution {
  const scores = [...chances.keys()].sort((a, b) => b - a);
  let tail = 0;
  const tails = scores.map((score) => (tail += chances.get(score) ?? 0));
  return { scores, tails };
}

/** Gives the p of a score: the chance of it, or of a higher one. */
export function tailAt({ scores, tails }: NullDistribution, score: number): number {
  let [low, high] = [0, scores.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((scores[middle] ?? 0) >= score - SLACK) low = middle + 1;
    else high = middle;
  }
  return Math.min(1, tails[low - 1] ?? 0);
}

/** Gives the smallest p that can be had at all. */
export function smallestTail(distribution: NullDistribution): number {
  return tailAt(distribution, distribution.scores[0] ?? 0);
}

/** Gives the distribution of the sum of independent scores: those of several rounds. */
export function sumOf(left: NullDistribution, right: NullDistribution): NullDistribution {
  const chances = new Map<number, number>();
  for (const [score, chance] of chancesIn(left)) {
    for (const [other, otherChance] of chancesIn(right)) {
      const sum = score + other;
      chances.set(sum, (chances.get(sum) ?? 0) + chance * otherChance);
    }
  }
  return distributionOf(chances.size > MAX_SCORES ? coarsened(chances) : chances);
}

function chancesIn({ scores, tails }: NullDistribution): [number, number][] {
  return scores.map((score, at) => [score, (tails[at] ?? 0) - (tails[at - 1] ?? 0)]);
}

/** Rounds upwards: what chance gives looks more extreme than it is, so no p becomes too small. */
function coarsened(chances: ReadonlyMap<number, number>): Map<number, number> {
  const highest = Math.max(...chances.keys());
  const step = Math.ceil((highest - Math.min(...chances.keys())) / MAX_SCORES);
  const fewer = new Map<number, number>();
  for (const [score, chance] of chances) {
    const rounded = Math.min(highest, Math.ceil(score / step) * step);
    fewer.set(rounded, (fewer.get(rounded) ?? 0) + chance);
  }
  return fewer;
}
