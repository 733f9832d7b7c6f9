import type { Report, RoundExplanation } from '#libs/contracts';

/** Whether there is anything to be told of why builders differ or failed. */
export function hasWhy(report: Report, explanation: RoundExplanation | null): boolean {
  const told = explanation?.artifacts ?? report.explanations ?? [];
  const isSplit = report.artifacts.some(({ clusters }) => clusters.length > 1);
  return told.length > 0 || (report.failureGroups ?? []).length > 0 || isSplit;
}
