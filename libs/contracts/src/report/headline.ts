import type { Calibration, Experiment } from '#libs/attestation';
import { valueText } from './explanation-words.js';
import { plain } from './plain.js';
import type { ProposalReport, Report, RoundReport } from './report.js';
import type { ArtifactReport } from './verdict.js';
import { describe, titleOf } from './wording.js';

/** What a headline is written of: a report, or as much of one as there is. */
export interface Headed extends Pick<Report, 'kind' | 'deployment' | 'release' | 'artifacts'> {
  readonly proposal: Pick<ProposalReport, 'id' | 'unelects'> | null;
  readonly round: Pick<RoundReport, 'eligible' | 'experiment' | 'calibration'> | null;
}

/**
 * Writes the sentence that a voter reads first. It speaks of what the proposal elects; anything else
 * that differs is named after it, as not elected. At most 1,000 characters, safe to print.
 */
export function headlineOf(report: Headed): string {
  return plain(sentencesOf(report), 1000);
}

function sentencesOf(report: Headed): string {
  const subject = report.proposal === null ? '' : `Proposal ${report.proposal.id}: `;
  switch (report.kind) {
    case 'nothing-to-build':
      return `${subject}${nothingToBuild(report)}`;
    case 'deployment':
      return `${subject}${deployment(report)}`;
    case 'round':
      if (report.round?.experiment !== undefined)
        return experiment(report, report.round.experiment);
      if (report.round?.calibration !== undefined) {
        return calibration(report, report.round.calibration);
      }
      return [lead(report, subject), ...remainder(report)].join(' ');
  }
}

function experiment({ release }: Headed, { round, builder, change }: Experiment): string {
  const how =
    change === null
      ? 'unchanged'
      : `with ${change.fact} ${valueText(change.to)} instead of ${valueText(change.from)}`;
  return `${release?.name ?? 'Release'}: an experiment, which gives no verdict: builder ${builder.slice(0, 11)} builds once more, ${how}, for round ${round.slice(0, 12)}.`;
}

function calibration({ release }: Headed, { round, builder }: Calibration): string {
  return `${release?.name ?? 'Release'}: a calibration, which gives no verdict: builder ${builder.slice(0, 11)} is held against those that reproduced it in round ${round.slice(0, 12)}.`;
}

function nothingToBuild({ proposal }: Headed): string {
  const count = proposal?.unelects.length ?? 0;
  const versions = count === 1 ? 'version' : 'versions';
  return `elects no version, so there is nothing to build; it removes ${count} old ${versions}.`;
}

function deployment(report: Headed): string {
  const known =
    report.artifacts.length === 0
      ? 'no round has been held on it yet'
      : sentence(mainArtifacts(report), report);
  return `deploys ${plain(report.deployment?.commit ?? 'a version')}; ${known}.`;
}

function lead(report: Headed, subject: string): string {
  const main = mainArtifacts(report);
  if (report.proposal === null || !main.some(({ elected }) => elected)) {
    return `${report.release?.name ?? 'Release'}: ${sentence(main, report)}.`;
  }
  const said = main.map(
    (artifact) =>
      `${titleOf(artifact.name)}, which this proposal elects: ${describe(artifact, askedIn(report))}`,
  );
  return `${subject}${said.join('; ')}.`;
}

/** Names what differs beside the elected artifacts: worth knowing, and nothing to vote on. */
function remainder(report: Headed): string[] {
  const main = mainArtifacts(report);
  const names = report.artifacts
    .filter((artifact) => !main.includes(artifact))
    .filter(({ verdict }) => verdict === 'split' || verdict === 'contradicted')
    .map(({ name }) => titleOf(name));
  if (names.length === 0) return [];
  if (names.length === 1) return [`${names.join('')} is not elected here; it differs.`];
  const list = `${names.slice(0, -1).join(', ')} and ${names.at(-1) ?? ''}`;
  return [`${list} are not elected here; they differ.`];
}

/** What a report is mainly about: the elected artifacts, or all where none is. */
function mainArtifacts({ artifacts }: Headed): readonly ArtifactReport[] {
  const elected = artifacts.filter((artifact) => artifact.elected);
  return elected.length > 0 ? elected : artifacts;
}

function sentence(artifacts: readonly ArtifactReport[], report: Headed): string {
  return artifacts
    .map((artifact) => `${titleOf(artifact.name)} ${describe(artifact, askedIn(report))}`)
    .join('; ');
}

function askedIn({ round }: Headed): number {
  return round?.eligible ?? 0;
}
