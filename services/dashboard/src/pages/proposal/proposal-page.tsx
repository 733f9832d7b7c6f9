import type { ReactNode } from 'react';
import { roundOutcome } from '#libs/consensus';
import { plain, type Report } from '#libs/contracts';
import { Moment } from '../../components/moment.js';
import { RoundState } from '../../components/round-state.js';
import { Section } from '../../components/section.js';
import { Verdict } from '../../components/verdict.js';
import { bodyOf } from '../../page-data.js';
import type { PageProps } from '../../page-props.js';
import { ArtifactTable } from './artifact-table.js';
import { ProposalFacts } from './proposal-facts.js';

/** One proposal: what it comes to by its newest round, what it says, and which rounds there are. */
export function ProposalPage({ data, now }: PageProps): ReactNode {
  const report = bodyOf(data, 'report');
  if (report?.proposal == null) return null;
  const { proposal, round, artifacts, headline } = report;
  return (
    <>
      <h1>Proposal {plain(proposal.id)}</h1>
      <p className="lead">{plain(headline, 1000)}</p>
      {proposal.title !== '' && (
        <p>
          Its own title, as the proposer wrote it: <q>{plain(proposal.title)}</q>
        </p>
      )}
      {round !== null && (
        <p>
          <a href={`/rounds/${round.round}`}>The round in full</a>: builders, bytes, reasons, and
          how to verify it.
        </p>
      )}
      {artifacts.length > 0 && (
        <Section id="verdicts" title="Verdicts">
          <ArtifactTable artifacts={artifacts} asked={round?.eligible ?? 0} />
        </Section>
      )}
      <Section id="says" title="What the proposal says">
        <ProposalFacts report={report} now={now} />
      </Section>
      <Rounds report={report} />
    </>
  );
}

/** Every round on the same source: nobody can open rounds until one pleases. */
function Rounds({
  report: { round, artifacts, otherRounds },
}: {
  readonly report: Report;
}): ReactNode {
  if (round === null) return null;
  const isTrial = round.experiment !== undefined || round.calibration !== undefined;
  const outcome = artifacts.length === 0 ? null : roundOutcome(artifacts);
  return (
    <Section id="rounds" title="Rounds on this release">
      <ul className="rows">
        <li>
          <Moment at={round.openedAt} />{' '}
          <a href={`/rounds/${round.round}`}>{round.round.slice(0, 12)}</a>{' '}
          <RoundState phase={round.phase} outcome={outcome} isTrial={isTrial} /> the newest, shown
          above
        </li>
        {otherRounds.map((other) => (
          <li key={other.round}>
            <Moment at={other.openedAt} />{' '}
            <a href={`/rounds/${other.round}`}>{other.round.slice(0, 12)}</a>{' '}
            {other.verdicts.length === 0 ? (
              <RoundState
                phase={other.phase}
                outcome={null}
                isTrial={other.experiment !== undefined || other.calibration !== undefined}
              />
            ) : (
              other.verdicts.map(({ name, verdict }) => (
                <span key={name} className="row-part">
                  {plain(name, 60)} <Verdict verdict={verdict} />
                </span>
              ))
            )}
          </li>
        ))}
      </ul>
    </Section>
  );
}
