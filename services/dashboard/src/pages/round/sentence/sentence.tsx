import type { ReactNode } from 'react';
import { givesVerdict } from '#libs/attestation';
import { plain, titleOf, workWords, type ArtifactReport, type Report } from '#libs/contracts';
import { Countdown } from '../../../components/countdown.js';
import { Digest } from '../../../components/digest.js';
import { Facts } from '../../../components/facts.js';
import { Moment } from '../../../components/moment.js';
import { toneOf, Verdict } from '../../../components/verdict.js';
import { sizesText } from '../clusters/drawing.js';
import { closeWords, phaseWords } from './phase-words.js';
import './sentence.css';

/** What a voter reads in ten seconds: the sentence, each verdict, and how long there is to vote. */
export function Sentence(props: { readonly report: Report; readonly now: Date }): ReactNode {
  const { report, now } = props;
  const { proposal, release } = report;
  return (
    <header className={`sentence sentence-${leadingTone(report)}`}>
      <h1>{plain(report.headline, 1000)}</h1>
      {report.artifacts.length > 0 && (
        <ul className="sentence-verdicts" aria-label="Verdict of each artifact">
          {report.artifacts.map((artifact) => (
            <ArtifactLine key={artifact.name} artifact={artifact} report={report} />
          ))}
        </ul>
      )}
      <Facts
        rows={[
          ['Vote', deadlineOf(report, now)],
          ['Round', <RoundState key="round" report={report} now={now} />],
          ['Needed', neededText(report)],
          [
            'Proposal',
            proposal === null ? null : (
              <a href={`/proposals/${proposal.id}`}>{plain(`${proposal.id}: ${proposal.title}`)}</a>
            ),
          ],
          ['Release', release === null ? null : plain(release.name)],
          [
            'Round id',
            report.round === null ? null : (
              <Digest value={report.round.round} what="the round id" />
            ),
          ],
        ]}
      />
    </header>
  );
}

function ArtifactLine(props: {
  readonly artifact: ArtifactReport;
  readonly report: Report;
}): ReactNode {
  const { artifact, report } = props;
  const hasElected = report.artifacts.some(({ elected }) => elected);
  return (
    <li className={artifact.elected || !hasElected ? 'is-main' : 'is-beside'}>
      <strong>{plain(titleOf(artifact.name), 60)}</strong> <Verdict verdict={artifact.verdict} />{' '}
      <span className="quiet">
        {artifact.clusters.length > 0 && sizesText(artifact, report.round?.eligible ?? 0)}
        {workWords(artifact)}
        {hasElected && !artifact.elected && ' not elected here'}
      </span>
    </li>
  );
}

function RoundState(props: { readonly report: Report; readonly now: Date }): ReactNode {
  const { round } = props.report;
  if (round === null) return null;
  const why = closeWords(round);
  return (
    <>
      {phaseWords(round)}
      {round.phase === 'open' && (
        <>
          {'; '}
          <Countdown
            until={round.closesAt}
            now={props.now}
            what="may close without everybody"
            whatThen="may close without everybody since"
          />
        </>
      )}
      {round.decidedAt !== null && (
        <>
          {', decided '}
          <Moment at={round.decidedAt} />
        </>
      )}
      {why !== null && <span className="quiet"> (closed: {why})</span>}
    </>
  );
}

function deadlineOf({ proposal }: Report, now: Date): ReactNode {
  if (proposal?.deadlineAt == null) return null;
  return (
    <Countdown until={proposal.deadlineAt} now={now} what="voting ends" whatThen="voting ended" />
  );
}

function neededText({ round }: Report): string | null {
  if (round === null) return null;
  if (!givesVerdict(round)) return 'nothing: it gives no verdict';
  return `${round.needed} of ${round.eligible} operators have to agree`;
}

/** The tone of what matters most: of what is elected, the verdict that is furthest from good. */
function leadingTone({ artifacts }: Report): string {
  const elected = artifacts.filter((artifact) => artifact.elected);
  const tones = (elected.length > 0 ? elected : artifacts).map(({ verdict }) => toneOf(verdict));
  return (
    (['bad', 'split', 'failed', 'open', 'good'] as const).find((tone) => tones.includes(tone)) ??
    'plain'
  );
}
