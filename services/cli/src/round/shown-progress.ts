import type { Report, RoundEvent } from '#libs/contracts';

type Shown = Pick<Report, 'round' | 'builders'>;
type Progress = Extract<RoundEvent, { kind: 'progress' }>;

/** Brings a builder of a report to where it says that it is. */
export function withProgress(report: Shown, { builder, stage, percent }: Progress): Shown {
  return {
    ...report,
    builders: report.builders.map((one) =>
      one.builder === builder && (one.state === 'waiting' || one.state === 'building')
        ? { ...one, state: 'building', stage, percent }
        : one,
    ),
  };
}
