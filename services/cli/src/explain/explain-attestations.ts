import type { Release, Result } from '#libs/attestation';
import { RosterFile } from '#libs/contracts';
import { explainArtifact, groupFailures, type Observation } from '#libs/divergence';
import { EXIT } from '../exit.js';
import { readJson } from '../read-file.js';
import { findAttestations } from '../tally/attestation-files.js';
import { readRoster } from '../tally/roster.js';
import { tellRefused } from '../tally/tell-refused.js';
import { printData, printJson, say } from '../terminal.js';
import type { ExplainOptions } from './explain-options.js';
import { ExplainOutput } from './explain-output.js';
import { explainText } from './explain-text.js';
import { impliedBy } from './implied-by.js';
import { judgeAttestations } from './judge-attestations.js';
import { surroundingsOf, type Surroundings } from './known-keys.js';
import { toldArtifacts, type ToldArtifact } from './told-artifacts.js';

/**
 * Explains what loose attestations tell: which artifacts split, which facts go with that, how builds
 * failed. Sets the exit code: 0, or 4 where an attestation is bad evidence.
 *
 * @throws CommandError usage; ConsensusError, DivergenceError
 */
export async function explainAttestations(
  paths: readonly string[],
  options: ExplainOptions,
): Promise<void> {
  const roster =
    options.roster === undefined
      ? null
      : readRoster(await readJson(options.roster, RosterFile, 'a roster file'));
  const found = await findAttestations(paths);
  const around = surroundingsOf(found, roster);
  const { results, lists } = judgeAttestations(found, around, roster);
  const told = toldArtifacts(results);
  const output = ExplainOutput.parse({
    artifacts: told.filter(isSplit).map((one) => split(one, told, around)),
    agreed: told.flatMap(agreement),
    selfContradicting: told.flatMap(({ release, artifact, contradictions }) =>
      contradictions.map((one) => ({ release, artifact, ...one })),
    ),
    failures: groupFailures(results.flatMap((result) => failure(result, around))),
    ...lists,
  });
  if (options.json === true) printJson(output);
  else printData(explainText(output, around.operators));
  remark(output, roster !== null);
  process.exitCode = output.refused.length > 0 ? EXIT.badEvidence : EXIT.ok;
}

function isSplit({ observations }: ToldArtifact): boolean {
  return new Set(observations.map(({ cluster }) => cluster)).size > 1;
}

function split(one: ToldArtifact, told: readonly ToldArtifact[], around: Surroundings): object {
  const { release, artifact } = one;
  const observations = ownedBy(one, around);
  const earlier = told
    .slice(0, told.indexOf(one))
    .filter((other) => other.artifact === artifact && other.release !== release)
    .map((other) => ownedBy(other, around))
    .reverse();
  const known: Release | undefined = around.releases.get(release);
  const explanation = explainArtifact({
    ...{ artifact, observations, earlier },
    comparisons: [],
    impliedBy: impliedBy(one, told, known),
    names: Object.fromEntries(around.operators),
  });
  return { release, ...explanation };
}

/** Builders of one operator are not independent of each other; whose they are, a roster tells. */
function ownedBy({ observations }: ToldArtifact, { operators }: Surroundings): Observation[] {
  return observations.map((observation) => {
    const operator = operators.get(observation.builder);
    return operator === undefined ? observation : { ...observation, operator };
  });
}

function agreement(one: ToldArtifact): ExplainOutput['agreed'] {
  const [first] = one.observations;
  if (first === undefined || isSplit(one)) return [];
  const { release, artifact, observations } = one;
  const builders = observations.map(({ builder }) => builder);
  return [{ release, artifact, digest: first.cluster, builders }];
}

function failure(
  result: Result,
  { operators }: Surroundings,
): Parameters<typeof groupFailures>[0][number][] {
  if (result.kind === 'built') return [];
  const { builder, stage, class: name, message, environment } = result;
  const { facts } = environment;
  const operator = operators.get(builder) ?? builder;
  return [{ operator, builder, stage, class: name, message, facts }];
}

function remark(output: ExplainOutput, isByRoster: boolean): void {
  const { counted, refused, outsideRoster, otherStatements, selfContradicting } = output;
  tellRefused(refused, isByRoster);
  for (const { file, line, builder } of outsideRoster) {
    say(`${file}:${line}: builder ${builder} is not on the roster; not counted`);
  }
  for (const { file, line, predicateType } of otherStatements) {
    say(`${file}:${line}: no build result but ${predicateType}; passed over`);
  }
  for (const { builder, artifact, digests } of selfContradicting) {
    say(`builder ${builder} tells ${digests.length} digests of ${artifact}; not counted for it`);
  }
  const unverified = counted.filter(({ isVerified }) => !isVerified).length;
  if (counted.length === 0) say('there was no attestation to explain');
  else if (unverified > 0) {
    const count = unverified === 1 ? '1 signature was' : `${unverified} signatures were`;
    say(`${count} not verified: no key is known here; name a roster with --roster`);
  }
}
