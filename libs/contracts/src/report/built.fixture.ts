import { sha256 } from '#libs/encoding';
import type { BuilderReport, PublishedReport, Report } from './report.js';

/** The same report with what each builder built and read, as far as its artifacts tell. */
export function withBuilt(report: Report): Report {
  const builders = report.builders.map((builder) => toldOf(builder, report));
  return { ...report, builders, published: [...report.published, ...readings(report)] };
}

/** What all who built have read of what the proposal does not name. */
function readings({ release, artifacts, builders }: Report): PublishedReport[] {
  return artifacts.flatMap(({ name, expected }) => {
    const named = release?.artifacts.find((artifact) => artifact.name === name)?.expected ?? null;
    if (named !== null || expected === null) return [];
    const readers = builders.filter(({ state }) => state === 'built').map((it) => it.builder);
    const url = `https://download.example/${name}`;
    const reading = { sha256: expected, error: null, builders: readers };
    return [{ artifact: name, source: 'cdn-sums' as const, url, readings: [reading] }];
  });
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
