import { sha256 } from '#libs/encoding';
import type { BuilderReport, Report } from './report.js';

/** The same report with what each builder built, as far as its artifacts tell. */
export function withBuilt(report: Report): Report {
  return { ...report, builders: report.builders.map((builder) => toldOf(builder, report)) };
}

function toldOf(said: BuilderReport, { artifacts }: Report): BuilderReport {
  const { state, builder } = said;
  if (state !== 'built') return said;
  const built = artifacts.flatMap(({ name, flags, clusters, selfContradicting }) => {
    const votes = [
      ...clusters.filter(({ builders }) => builders.includes(builder)),
      ...selfContradicting.flatMap((own) => own.votes.filter((vote) => vote.builder === builder)),
    ];
    const work = flags.includes('work-shown') ? sha256(`work of ${name}`) : null;
    return votes.map(({ digest }) => ({ artifact: name, sha256: digest, work }));
  });
  return { ...said, built };
}
