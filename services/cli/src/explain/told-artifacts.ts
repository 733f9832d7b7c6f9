import type { Result } from '#libs/attestation';
import type { Observation } from '#libs/divergence';
import { compareText } from '#libs/encoding';

/** What builders told of one artifact of one release. */
export interface ToldArtifact {
  readonly release: string;
  readonly artifact: string;
  /** One for each builder that told one digest. */
  readonly observations: readonly Observation[];
  readonly contradictions: readonly {
    readonly builder: string;
    readonly digests: readonly string[];
  }[];
  /** When the first of them was done, for the order of releases. */
  readonly finishedAt: string;
}

/** What `fingerprint` writes in the place of a private value: it means something in one round only. */
const SALTED = /^sha256:[0-9a-f]{64}$/;

type Built = Extract<Result, { kind: 'built' }>;

/**
 * Sorts results by release and artifact, older releases first. A builder speaks once for each, also
 * where it took part in several rounds on one release; one that told different digests is left out.
 */
export function toldArtifacts(results: readonly Result[]): ToldArtifact[] {
  const built = results.filter((result): result is Built => result.kind === 'built');
  const releases = Map.groupBy(built, ({ release: { name, digest } }) =>
    JSON.stringify([name, digest]),
  );
  return [...releases.values()]
    .flatMap((ofOne) => {
      const round = mostCommon(ofOne.map((result) => result.round));
      const names = new Set(ofOne.flatMap(({ outputs }) => outputs.map(({ name }) => name)));
      return [...names].map((artifact) => toldOf(artifact, ofOne, round));
    })
    .sort(
      (a, b) =>
        compareText(a.finishedAt, b.finishedAt) ||
        compareText(a.release, b.release) ||
        compareText(a.artifact, b.artifact),
    );
}

function toldOf(artifact: string, results: readonly Built[], round: string | null): ToldArtifact {
  const telling = results.flatMap((result) => {
    const output = result.outputs.find(({ name }) => name === artifact);
    return output === undefined ? [] : [{ result, digest: output.sha256 }];
  });
  const byBuilder = [...Map.groupBy(telling, ({ result }) => result.builder)];
  const observations: Observation[] = [];
  const contradictions: { builder: string; digests: string[] }[] = [];
  for (const [builder, told] of byBuilder) {
    const digests = [...new Set(told.map(({ digest }) => digest))].sort();
    const [cluster, ...others] = digests;
    const newest = told.toSorted((a, b) => compareText(b.result.finishedAt, a.result.finishedAt));
    const shown = newest.find(({ result }) => result.round === round) ?? newest[0];
    if (cluster === undefined || shown === undefined) continue;
    if (others.length > 0) contradictions.push({ builder, digests });
    else observations.push({ builder, cluster, facts: comparableFacts(shown.result, round) });
  }
  return {
    release: results[0]?.release.name ?? '',
    ...{ artifact, observations, contradictions },
    finishedAt: telling.map(({ result }) => result.finishedAt).sort()[0] ?? '',
  };
}

/** Salted values of another round than the others' differ even where the machines do not. */
function comparableFacts(result: Built, round: string | null): Observation['facts'] {
  const { facts } = result.environment;
  if (result.round === round) return facts;
  return Object.fromEntries(
    Object.entries(facts).filter(([, value]) => typeof value !== 'string' || !SALTED.test(value)),
  );
}

function mostCommon(rounds: readonly (string | null)[]): string | null {
  const counts = [...Map.groupBy(rounds, (round) => round)];
  return counts.sort(([, a], [, b]) => b.length - a.length)[0]?.[0] ?? null;
}
