import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { explainArtifact } from '#libs/divergence';
import type {
  ArtifactExplanation,
  ExperimentOutcome,
  NextExperiment,
  Observation,
} from '#libs/divergence';
import { judgeRebuild } from '../../services/coordinator/src/explanations/telling-rebuild.js';
import { cannotRunHere } from '../world/builder-environment/prepare.js';
import { ARTIFACT_NAMES } from '../world/artifact.js';
import { artifactsReached } from '../world/ic-mini/defects.js';
import type { Defects, OperatingSystem } from '../world/ic-mini/defects.js';
import { differing } from '../world/trial.js';
import type { BuiltSide } from './built-side.js';
import { ITSELF, leaves, matches, rootsOf, writtenLocations } from './locations.js';
import { EVERYTHING, PAIRED_RELEASES, SPLIT_RELEASES, TWO_SUSPECTS } from './releases.js';
import type { Surroundings } from './releases.js';
import { openStage } from './stage.js';
import type { ImageName, Stage } from './stage.js';
import { TREE_OF_SETUPOS, isOwnEachTime, onDisk, truthsOf } from './truth.js';
import type { Truth } from './truth.js';

const reason = await cannotRunHere({ home: '/', tempDir: '/', ...EVERYTHING });

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.close());

const titleOf = (defects: Defects) =>
  Object.entries(defects)
    .map(([os, names]) => `${os}: ${names.join(' and ')}`)
    .join(', ');

/** What came of one image, and what it was held against. */
interface Seen {
  readonly explanation: ArtifactExplanation;
  /** Where it differs by tar and debugfs. */
  readonly differing: readonly string[];
}

/** Explains an image that differs by its own defects alone, and holds it against the truth. */
async function expectTruth(
  artifact: 'guestos/update-img' | 'hostos/update-img',
  truths: readonly Truth[],
  sides: readonly [BuiltSide, BuiltSide],
): Promise<Seen> {
  const comparisons = [await stage.compare(artifact, ...sides)];
  const observations = stage.five(artifact, truths, ...sides);
  const explanation = explainArtifact({ artifact, observations, comparisons });
  const differing = leaves(await stage.differingLocations(artifact, ...sides));
  // Named is exactly what differs, consequences included.
  expect(leaves(writtenLocations(explanation.findings))).toEqual(differing);
  expectRoots(explanation, truths);
  expectConclusion(explanation, truths);
  return { explanation, differing };
}

/** SetupOS differs in what it carries, and by defects of its own. */
async function expectCarried(
  defects: Defects,
  carried: readonly Seen[],
  sides: readonly [BuiltSide, BuiltSide],
): Promise<void> {
  const artifact = 'setupos/disk-img';
  const own = truthsOf(defects.setupos).map(onDisk);
  const truths = [...truthsOf(defects.guestos), ...truthsOf(defects.hostos), ...own];
  const embedded = carried.map(({ explanation }) => explanation);
  const explanation = explainArtifact({
    artifact,
    observations: stage.five(artifact, truths, ...sides),
    comparisons: [await stage.compare(artifact, ...sides)],
    impliedBy: embedded.map((each) => each.artifact),
    embedded,
  });
  const places = carried.flatMap(({ explanation: { artifact: image }, differing: all }) => {
    const place = `${TREE_OF_SETUPOS} › ${image.startsWith('guest') ? 'guest' : 'host'}-os.img.tar.zst`;
    return all.map((location) => (location === ITSELF ? place : `${place} › ${location}`));
  });
  const ownPlaces = own.flatMap(({ roots }) => roots);
  expect(leaves(writtenLocations(explanation.findings))).toEqual([...places, ...ownPlaces].sort());
  expectRoots(explanation, own);
  expectConclusion(explanation, truths);
}

function expectRoots({ findings }: ArtifactExplanation, truths: readonly Truth[]): void {
  const roots = rootsOf(findings);
  for (const { location, finding } of roots) {
    const truth = truths.find((each) => {
      const isThere = each.roots.some((root) => matches(root, location));
      return isThere && each.classes.includes(finding.class);
    });
    expect(truth, `${location}: ${finding.class}, ${finding.detail}`).toBeDefined();
  }
  // Where two defects meet in one place, neither stands for the other.
  for (const { roots: patterns, classes } of truths) {
    for (const pattern of patterns) {
      const found = roots.filter(({ location }) => matches(pattern, location));
      const told = found.map(({ finding }) => finding.class);
      expect(
        told.some((kind) => classes.includes(kind)),
        `${pattern}: ${told.join()}`,
      ).toBe(true);
    }
  }
}

function expectConclusion(explanation: ArtifactExplanation, truths: readonly Truth[]): void {
  const isExplained = truths.every(({ conclusion }) => conclusion === 'explained');
  expect(explanation.conclusion).toBe(isExplained ? 'explained' : 'unexplained');
  const causes = new Set(truths.flatMap(({ cause }) => cause ?? []));
  expect(new Set(explanation.suspicions.map(({ cause }) => cause))).toEqual(causes);
  const [first] = explanation.separators;
  const suspected = explanation.suspicions.flatMap(({ facts }) => facts);
  for (const { fact } of truths) {
    if (fact === null) continue;
    expect(suspected).toContain(fact);
    // Where nobody agrees with anybody, no fact goes with it.
    if (!isOwnEachTime(truths)) expect(first?.facts.map(({ name }) => name)).toContain(fact);
  }
}

describe.skipIf(reason !== null)('what differs between two real builds, and why', () => {
  const releases = [...SPLIT_RELEASES, ...PAIRED_RELEASES];
  test.each(releases.map((release) => [titleOf(release.defects), release] as const))(
    '%s',
    async (_, release) => {
      const { defects } = release;
      const sides = await stage.build(release);
      const reached = Object.entries(defects).flatMap(([os, names]) =>
        names.flatMap((name) => artifactsReached(os as OperatingSystem, name)),
      );
      expect(differing(sides[0].built, sides[1].built)).toEqual(
        ARTIFACT_NAMES.filter((name) => reached.includes(name)),
      );
      const guestos = await expectTruth('guestos/update-img', truthsOf(defects.guestos), sides);
      const hostos = await expectTruth('hostos/update-img', truthsOf(defects.hostos), sides);
      await expectCarried(defects, [guestos, hostos], sides);
    },
  );
});

describe.skipIf(reason !== null)('two facts that could each have done it', () => {
  test('are both suspected, until a real build with one of them changed decides', async () => {
    const { defects } = TWO_SUSPECTS;
    const sides = await stage.build(TWO_SUSPECTS);
    // What is drawn anew must not be what either of the two suspects is known by.
    const both = truthsOf(Object.values(defects).flat());
    for (const os of ['guestos', 'hostos'] as const) {
      const image = `${os}/update-img` as const;
      const [truth] = truthsOf(defects[os]);
      const comparisons = [await stage.compare(image, ...sides)];
      const split = {
        artifact: image,
        observations: stage.five(image, both, ...sides),
        comparisons,
      };
      const before = explainArtifact(split);
      expect(before.conclusion).toBe('ambiguous');
      const suspected = before.suspicions.map(({ facts }) => facts).flat();
      expect(suspected).toEqual(expect.arrayContaining(['cpu.count', 'temp.filesystem']));

      const outcomes: ExperimentOutcome[] = [];
      let { next } = before;
      while (next !== null && outcomes.length < 2) {
        outcomes.push(await carryOut(next, image, split.observations, sides));
        ({ next } = explainArtifact({ ...split, outcomes }));
      }
      expect(outcomes.map((outcome) => outcome.fact)).toEqual([null, expect.any(String)]);
      const after = explainArtifact({ ...split, outcomes });
      expect(after.conclusion).toBe('explained');
      expect(after.suspicions.map(({ facts }) => facts).flat()).toContain(truth?.fact);
    }
  });
});

const rebuilt = new Map<string, Promise<BuiltSide>>();

/** Does what is proposed: builds on the machine of that builder, with that fact as the other side has it. */
async function carryOut(
  { builder, change }: NextExperiment,
  image: ImageName,
  observations: readonly Observation[],
  sides: readonly [BuiltSide, BuiltSide],
): Promise<ExperimentOutcome> {
  const before = observations.find((each) => each.builder === builder)!.cluster;
  const isLeft = before === observations[0]!.cluster;
  const [own, other] = isLeft
    ? [TWO_SUSPECTS.left, TWO_SUSPECTS.right]
    : [TWO_SUSPECTS.right, TWO_SUSPECTS.left];
  const changed: Surroundings = {
    ...own,
    ...(change?.fact === 'cpu.count' && { processors: Number(change.to) }),
    ...(change?.fact.startsWith('temp.') && { tempFilesystem: other.tempFilesystem }),
  };
  const key = JSON.stringify(changed);
  if (!rebuilt.has(key)) rebuilt.set(key, stage.rebuild(TWO_SUSPECTS, changed));
  const { built, facts } = (await rebuilt.get(key))!;
  const after = built.artifacts[image].digest;
  // The surroundings were really made as proposed, and nothing else was told of them than before.
  const measured = { digest: before, facts: sides[isLeft ? 0 : 1].facts };
  const judged = judgeRebuild(measured, { digest: after, facts }, change);
  expect(judged).toMatchObject({ isTelling: true });
  return { builder, fact: change?.fact ?? null, before, after };
}
