import { FailureGroupReport, type Report } from '#libs/contracts';
import { groupFailures } from '#libs/divergence';
import type { LoadedRound } from '../rounds/round-store.js';

/** Groups the builds of a round that failed by how they did; nothing where none did. */
export function failureReport({ builders, results }: LoadedRound): Pick<Report, 'failureGroups'> {
  const told = builders.flatMap(({ operator, builder, isCounted }) => {
    const result = isCounted ? results.get(builder) : undefined;
    if (result?.kind !== 'failed') return [];
    const { stage, class: name, message, environment } = result;
    const { facts } = environment;
    return [{ operator, builder, stage, class: name, message, facts }];
  });
  if (told.length === 0) return {};
  return { failureGroups: groupFailures(told).map((group) => FailureGroupReport.parse(group)) };
}
