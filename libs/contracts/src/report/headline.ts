import type { Report } from './report.js';
import type { ArtifactReport } from './verdict.js';
import { describe, titleOf } from './wording.js';

type Headed = Pick<Report, 'kind' | 'proposal' | 'deployment' | 'release' | 'artifacts'>;

/**
 * Writes the sentence that a voter reads first. It speaks of what the proposal elects; anything else
 * that differs is named after it, as not elected.
 */
export function headlineOf(report: Headed): string {
  const subject = report.proposal === null ? '' : `Proposal ${report.proposal.id}: `;
  if (report.kind === 'nothing-to-build') {
    const count = report.proposal?.unelects.length ?? 0;
    return `${subject}elects no version, so there is nothing to build; it removes ${count} old ${count === 1 ? 'version' : 'versions'}.`;
  }
  const elected = report.artifacts.filter((artifact) => artifact.elected);
  if (report.kind === 'deployment') {
    const known =
      report.artifacts.length === 0
        ? 'no round has been held on it yet'
        : sentence(elected.length > 0 ? elected : report.artifacts);
    return `${subject}deploys ${report.deployment?.commit ?? 'a version'}; ${known}.`;
  }
  const main = elected.length > 0 ? elected : report.artifacts;
  const lead =
    elected.length > 0 && report.proposal !== null
      ? `${subject}${main.map((a) => `${titleOf(a.name)}, which this proposal elects: ${describe(a)}`).join('; ')}.`
      : `${report.release?.name ?? 'Release'}: ${sentence(main)}.`;
  const differing = report.artifacts.filter(
    (artifact) => !main.includes(artifact) && ['split', 'contradicted'].includes(artifact.verdict),
  );
  if (differing.length === 0) return lead;
  const names = differing.map(({ name }) => titleOf(name));
  const list =
    names.length === 1
      ? names.join('')
      : `${names.slice(0, -1).join(', ')} and ${names.at(-1) ?? ''}`;
  return `${lead} ${list} ${names.length === 1 ? 'is' : 'are'} not elected here; ${names.length === 1 ? 'it differs' : 'they differ'}.`;
}

function sentence(artifacts: readonly ArtifactReport[]): string {
  return artifacts.map((artifact) => `${titleOf(artifact.name)} ${describe(artifact)}`).join('; ');
}
