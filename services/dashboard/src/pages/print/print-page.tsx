import type { ReactNode } from 'react';
import {
  memberReviewOf,
  membersOf,
  permalinksOf,
  plain,
  reviewHeadline,
  titleOf,
  verifyWords,
} from '#libs/contracts';
import type { Report, RoundExplanation } from '#libs/contracts';
import { Facts } from '../../components/facts.js';
import { Section } from '../../components/section.js';
import { momentText } from '../../components/time-words.js';
import { MemberTable } from './member-table.js';
import { PrintedArtifacts } from './printed-artifacts.js';
import { PrintedReview } from './printed-review.js';
import { WhosePrint } from './whose-print.js';
import './print.css';

/** What the print view is made of. */
export interface PrintPageProps {
  readonly report: Report;
  /** Null where there is none. */
  readonly explanation: RoundExplanation | null;
  /** Whose own review it is; null for the group's. */
  readonly member: string | null;
  /** Address of this coordinator without a path, for permalinks. */
  readonly origin: string;
  /** When it is printed. */
  readonly now: Date;
}

/** A round as evidence on paper: nothing is hidden behind a click, and every address is written out. */
export function PrintPage(props: PrintPageProps): ReactNode {
  const { report, explanation, member, origin, now } = props;
  const { proposal, release, round, log } = report;
  const links = permalinksOf(origin);
  const review = member === null ? null : memberReviewOf(report, member);
  return (
    <article className="print">
      <WhosePrint report={report} member={member} />
      <h1>{plain(review === null ? report.headline : reviewHeadline(report, review), 1000)}</h1>
      {review !== null && <p className="lead">In the round: {plain(report.headline, 1000)}</p>}
      {member !== null && review === null && (
        <p>This round did not ask {plain(member, 60)}: this is the group’s print view.</p>
      )}
      <Facts
        rows={[
          ['By', review === null ? null : plain(review.member)],
          ['Proposal', proposal === null ? null : plain(`${proposal.id}: ${proposal.title}`)],
          ['Vote’s deadline', proposal?.deadlineAt == null ? null : moment(proposal.deadlineAt)],
          ['Release', release === null ? null : <code>{plain(release.name)}</code>],
          ['Round', round === null ? null : <code>{round.round}</code>],
          ['Opened', round === null ? null : moment(round.openedAt)],
          ['Closed', round?.closedAt == null ? null : moment(round.closedAt)],
          ['Decided', round?.decidedAt == null ? null : moment(round.decidedAt)],
          [
            'Rule',
            round === null ? null : `${round.needed} of ${round.eligible} operators have to agree`,
          ],
          ['Page', round === null ? null : links.round(round.round)],
          ['Printed', moment(now.toISOString())],
        ]}
      />
      {review !== null && <PrintedReview review={review} />}
      <PrintedArtifacts report={report} />
      <Section
        id="members"
        title={review === null ? 'Who built what, and when' : 'When I built it'}
      >
        <MemberTable
          report={report}
          members={review === null ? membersOf(report) : [review.member]}
          origin={origin}
        />
      </Section>
      <Why report={report} explanation={explanation} />
      <Verifying report={report} origin={origin} />
      {log !== null && (
        <Section id="checkpoint" title="The log at that moment">
          <pre>{log.checkpoint.split('\n').map((line) => `${plain(line, 500)}\n`)}</pre>
        </Section>
      )}
    </article>
  );
}

/** What somebody wrote as a moment may be anything, and of any length. */
function moment(at: string): string {
  return plain(momentText(at), 40);
}

/** All of it where it was asked for; else what the report has. */
function Why(props: Pick<PrintPageProps, 'report' | 'explanation'>): ReactNode {
  const artifacts = props.explanation?.artifacts ?? props.report.explanations ?? [];
  if (artifacts.length === 0) return null;
  return (
    <Section id="why" title="Why they differ">
      {artifacts.map(({ artifact, conclusion, paragraph }) => (
        <p key={artifact}>
          <strong>
            {plain(titleOf(artifact))} ({conclusion}):
          </strong>{' '}
          {plain(paragraph, 2000)}
        </p>
      ))}
    </Section>
  );
}

function Verifying(props: Pick<PrintPageProps, 'report' | 'origin'>): ReactNode {
  const words = verifyWords(props.report, permalinksOf(props.origin));
  if (words === null) return null;
  return (
    <Section id="verify" title="How to verify">
      <p>{words.sentence}</p>
      {words.commands.length > 0 && <pre>{words.commands.join('\n')}</pre>}
    </Section>
  );
}
