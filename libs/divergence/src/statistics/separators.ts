import { compareText } from '#libs/encoding';
import { DivergenceError } from '../error.js';
import type { Observation, SeparatorGroup } from '../explanation.js';
import { seededChance, type Chance } from './chance.js';
import { ExactTables } from './exact-tables.js';
import { groupSeparations } from './grouping.js';
import { correct, countTestable } from './holm.js';
import { testOneValue, testSizes, testValues, type Hypothesis, type Tools } from './hypothesis.js';
import { smallestTail } from './null-distribution.js';
import { partitionBy, type Partition } from './partition.js';
import { sampleOf, type Sample } from './sample.js';
import { compareSeparations, compareWays, isPerfect, type Separation } from './separation.js';
import { SIGNIFICANCE } from './significance.js';
import { allSteps, type Steps } from './steps.js';

const MAX_FACTS = 20_000;

/** What else there is to go by. */
export interface SeparatorOptions {
  /** Observations of earlier rounds of the same artifact, the newest round first. */
  readonly earlier?: readonly (readonly Observation[])[];
  /** For what is too large to be counted out; by default a fixed one, so that all get the same. */
  readonly chance?: Chance;
  /** Keeps what was counted out for further calls; by default nothing is kept. */
  readonly tables?: ExactTables;
}

/** How the facts of a split part its builders. */
export interface Separators {
  /** Facts that were told at least once. */
  readonly factsTried: number;
  /** Different ways to part that could have reached significance: what Holm's correction counts. */
  readonly waysTried: number;
  /** The p of a fact that parts these clusters perfectly and that all have told, uncorrected. */
  readonly smallestP: number;
  /** Whether no fact of this round alone could reach significance, however well it parts. */
  readonly isSmallSample: boolean;
  /** Best first. */
  readonly groups: readonly SeparatorGroup[];
}

/**
 * Ranks the facts of a split by how well they part its clusters.
 *
 * Each fact is tested by its values (exact test of Fisher, Freeman and Halton); a fact of three or
 * more values also by the one that stands apart best, and numbers by their best cut, the choice paid
 * for. All p are corrected by Holm's steps for the number of different ways to part. Facts that part alike are one group. Missing
 * values are left out, never equal. Facts that do not vary among the builders are counted and not
 * listed. The same observations give the same answer everywhere.
 *
 * @throws DivergenceError BAD_CLUSTERS unless there are two clusters at least, and each builder
 *   once in its round; TOO_LARGE for more than 1,000 builders or 20,000 facts
 * Source: docs/explain-statistics.md has each test with its literature
 */
export function separators(
  observations: readonly Observation[],
  options: SeparatorOptions = {},
): Separators {
  return allSteps(separatorsInSteps(observations, options));
}

/**
 * Ranks the facts of a split as {@link separators} does, in steps of some milliseconds: with many
 * builders, facts and earlier rounds it takes seconds, in which others may have something to do.
 *
 * @throws DivergenceError as `separators`, in a step
 */
export function* separatorsInSteps(
  observations: readonly Observation[],
  options: SeparatorOptions = {},
): Steps<Separators> {
  const sample = sampleOf(observations);
  if (sample.clusters.length < 2) {
    const found = `${sample.clusters.length} clusters`;
    throw new DivergenceError('BAD_CLUSTERS', `${found}: a split has two at least`);
  }
  const samples = [sample, ...(options.earlier ?? []).map(sampleOf)];
  const tools: Tools = {
    tables: options.tables ?? new ExactTables(),
    chance: options.chance ?? seededChance(0),
    made: new Map(),
  };
  const names = namesIn(observations);
  const tested: TestedFact[] = [];
  for (const name of names) {
    tested.push(yield* testFact(samples, name, tools));
    yield;
  }
  const hypotheses = [...new Map(tested.flatMap(keyed)).values()];
  const corrected = correct(hypotheses);
  const correctedOf = new Map(hypotheses.map(({ key }, at) => [key, corrected[at] ?? 1]));
  const separations = tested
    .flatMap((fact) => separationOf(sample, fact, correctedOf) ?? [])
    .sort(compareSeparations);
  const waysTried = countTestable(hypotheses);
  const smallestP = perfectP(sample, tools.tables);
  return {
    factsTried: names.length,
    waysTried,
    smallestP,
    isSmallSample: smallestP * Math.max(1, waysTried) > SIGNIFICANCE,
    groups: groupSeparations(sample, separations),
  };
}

function namesIn(observations: readonly Observation[]): string[] {
  const names = new Set<string>();
  for (const { facts } of observations) {
    for (const [name, value] of Object.entries(facts)) if (value !== null) names.add(name);
  }
  if (names.size <= MAX_FACTS) return [...names].sort(compareText);
  throw new DivergenceError('TOO_LARGE', `${names.size} facts: at most ${MAX_FACTS} are tried`);
}

const NONE: Partition = { labels: [], parts: 0, values: [], numbers: null };

interface TestedFact {
  readonly name: string;
  readonly partition: Partition;
  readonly hypotheses: readonly Hypothesis[];
}

function* testFact(samples: readonly Sample[], name: string, tools: Tools): Steps<TestedFact> {
  const partitions: Partition[] = [];
  for (const sample of samples) {
    partitions.push(partitionBy(sample, name));
    // Most facts do not vary, and then earlier rounds say nothing either.
    if ((partitions[0]?.parts ?? 0) < 2) break;
  }
  const [sample] = samples;
  const [partition] = partitions;
  if (sample === undefined || partition === undefined || partition.parts < 2) {
    return { name, partition: NONE, hypotheses: [] };
  }
  const hypotheses = [
    yield* testValues(samples, partitions, tools),
    testOneValue(sample, partition, tools),
    testSizes(sample, partition, tools),
  ].filter((hypothesis) => hypothesis !== null);
  return { name, partition, hypotheses };
}

function keyed({ hypotheses }: TestedFact): [string, Hypothesis][] {
  return hypotheses.map((hypothesis) => [hypothesis.key, hypothesis]);
}

/** All ways of a fact were counted; the one that tells more stands for it. */
function separationOf(
  sample: Sample,
  { name, partition, hypotheses }: TestedFact,
  correctedOf: ReadonlyMap<string, number>,
): Separation | null {
  const missing = partition.values.filter((value) => value === null).length;
  const ways = hypotheses.map((hypothesis): Separation => ({
    name,
    partition,
    hypothesis,
    correctedP: correctedOf.get(hypothesis.key) ?? 1,
    isPerfect: isPerfect(sample, partition, hypothesis),
    missing,
  }));
  return ways.sort(compareWays)[0] ?? null;
}

function perfectP({ units }: Sample, tables: ExactTables): number {
  const sizes = new Map<number, number>();
  for (const { cluster } of units) sizes.set(cluster, (sizes.get(cluster) ?? 0) + 1);
  const distribution = tables.of([...sizes.values()], [...sizes.values()]);
  // Too many clusters to count out: so many builders are no small sample.
  return distribution === null ? 0 : smallestTail(distribution);
}
