/** Scores are whole multiples of this, so that equal ones meet whatever was added up first. */
export const SCORE_UNIT = 1e-9;
/** Scores that are closer than rounding tells apart are taken as equal: never in a fact's favour. */
const SLACK = 1000;
/** How many different scores are told apart, before near ones are taken together. */
const MAX_SCORES = 4000;
/** How many pairs of scores are added up for one sum; some milliseconds. */
const MAX_PAIRS = 1_000_000;

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
  const [few, many] = [chancesIn(left), chancesIn(right)].sort((a, b) => a.size - b.size) as [
    Chances,
    Chances,
  ];
  const some = coarsened(few, Math.sqrt(MAX_PAIRS));
  return distributionOf(summed(some, coarsened(many, Math.floor(MAX_PAIRS / some.size))));
}

type Chances = ReadonlyMap<number, number>;

function chancesIn({ scores, tails }: NullDistribution): Chances {
  return new Map(scores.map((score, at) => [score, (tails[at] ?? 0) - (tails[at - 1] ?? 0)]));
}

function summed(some: Chances, others: Chances): Chances {
  const chances = new Map<number, number>();
  for (const [score, chance] of some) {
    for (const [other, otherChance] of others) {
      const sum = score + other;
      chances.set(sum, (chances.get(sum) ?? 0) + chance * otherChance);
    }
    if (chances.size > MAX_SCORES) return coarselySummed(some, others);
  }
  return chances;
}

/** Adds up what would be taken together afterwards, without each sum for itself. */
function coarselySummed(some: Chances, others: Chances): Chances {
  const [[lowest, highest], [low, high]] = [boundsOf(some), boundsOf(others)];
  const step = stepOf([lowest + low, highest + high], MAX_SCORES);
  const first = Math.ceil((lowest + low) / step);
  const sums = new Float64Array(MAX_SCORES + 2);
  const [scores, weights] = [Float64Array.from(others.keys()), Float64Array.from(others.values())];
  for (const [score, chance] of some) {
    for (let other = 0; other < scores.length; other += 1) {
      const at = Math.ceil((score + (scores[other] ?? 0)) / step) - first;
      sums[at] = (sums[at] ?? 0) + chance * (weights[other] ?? 0);
    }
  }
  const chances = new Map<number, number>();
  for (const [at, chance] of sums.entries()) {
    if (chance > 0) chances.set(Math.min(highest + high, (first + at) * step), chance);
  }
  return chances;
}

/** Rounds upwards: what chance gives looks more extreme than it is, so no p becomes too small. */
function coarsened(chances: Chances, most: number): Chances {
  if (chances.size <= most) return chances;
  const [lowest, highest] = boundsOf(chances);
  // One score more can come of rounding at either end.
  const step = stepOf([lowest, highest], most - 2);
  const fewer = new Map<number, number>();
  for (const [score, chance] of chances) {
    const rounded = Math.min(highest, Math.ceil(score / step) * step);
    fewer.set(rounded, (fewer.get(rounded) ?? 0) + chance);
  }
  return fewer;
}

function stepOf([lowest, highest]: readonly [number, number], most: number): number {
  return Math.ceil((highest - lowest) / most);
}

function boundsOf(chances: Chances): readonly [number, number] {
  let [lowest, highest] = [Infinity, -Infinity];
  for (const score of chances.keys()) {
    [lowest, highest] = [Math.min(lowest, score), Math.max(highest, score)];
  }
  return [lowest, highest];
}
