import type { FactValue } from '#libs/attestation';
import { letterOf } from '../report/cluster-label.js';
import type { ExplanationReport } from '../report/explanation.js';
import type { BuilderReport, Report } from '../report/report.js';

/** Most sides of one ticket. */
const MAX_SIDES = 4;

/** One builder that stands for its cluster in a ticket. */
export interface IssueSide {
  /** Of its cluster, as the report calls it. */
  readonly letter: string;
  readonly digest: string;
  readonly builder: string;
  readonly attestation: string | null;
  readonly facts: Readonly<Record<string, FactValue>>;
}

/** Picks who stands for each cluster: those whose bytes were compared, else the first of each. */
export function sidesOf(explanation: ExplanationReport, report: Report): readonly IssueSide[] {
  const asked = new Set(explanation.compared.flatMap(({ left, right }) => [left, right]));
  return explanation.clusters.slice(0, MAX_SIDES).flatMap(({ digest, builders }, at) => {
    const builder = builders.find((one) => asked.has(one)) ?? builders[0];
    if (builder === undefined) return [];
    const told = report.builders.find((one) => one.builder === builder);
    return [{ letter: letterOf(at), digest, builder, ...machineOf(told) }];
  });
}

function machineOf(told: BuilderReport | undefined): Pick<IssueSide, 'attestation' | 'facts'> {
  return { attestation: told?.attestation ?? null, facts: told?.environment?.facts ?? {} };
}

/** Reads one fact of a side; null where it is missing. */
export function factOf({ facts }: IssueSide, name: string): FactValue {
  return Object.hasOwn(facts, name) ? (facts[name] ?? null) : null;
}

/** Names the facts that the sides do not have alike, those that are suspected first. */
export function differingFacts(
  sides: readonly IssueSide[],
  explanation: ExplanationReport,
): readonly string[] {
  const suspected = [
    ...explanation.suspicions.flatMap(({ facts }) => facts),
    ...explanation.separators.flatMap(({ facts }) => facts.map(({ name }) => name)),
  ];
  const names = [...new Set(sides.flatMap(({ facts }) => Object.keys(facts)))].toSorted();
  const differing = names.filter(
    (name) => new Set(sides.map((side) => factOf(side, name))).size > 1,
  );
  const first = [...new Set(suspected)].filter((name) => differing.includes(name));
  return [...first, ...differing.filter((name) => !first.includes(name))];
}
