import type { ReactNode } from 'react';
import { answersSentence, choiceSentences, plain } from '#libs/contracts';
import type { AttestationList, Report } from '#libs/contracts';
import { Moment } from '../../../components/moment.js';
import { Section } from '../../../components/section.js';
import { partsOf } from '../why/parts.js';
import { timelineEntries, type TimelineEntry } from './timeline-entries.js';
import './timeline.css';

const FIRST = 20;
const NEXT = 60;

/** What happened in the round, in the order of the log, each statement with its own page. */
export function Timeline(props: {
  readonly report: Report;
  readonly entries: AttestationList | null;
}): ReactNode {
  const { report, entries } = props;
  const [first = [], ...rest] = partsOf(timelineEntries(report, entries), FIRST, NEXT);
  const { answers, round } = report;
  return (
    <Section id="timeline" title="What happened, in the order of the log">
      <Entries entries={first} />
      {rest.map((part) => (
        <details key={part[0]?.index}>
          <summary>{part.length} more</summary>
          <Entries entries={part} />
        </details>
      ))}
      {answers !== undefined && (
        <p>{plain(answersSentence(answers, report.builders.length), 2000)}</p>
      )}
      {round?.choice !== undefined && (
        <p className="quiet">Whom it asked: {plain(choiceSentences(round.choice), 2000)}.</p>
      )}
      <p className="quiet">
        What counts is the place in the log, not the time. Each statement’s page has its proof of
        inclusion.
      </p>
    </Section>
  );
}

function Entries({ entries }: { readonly entries: readonly TimelineEntry[] }): ReactNode {
  return (
    <ol className="timeline">
      {entries.map(({ index, what, at, sha256 }) => (
        <li key={index}>
          <span className="timeline-index">#{index}</span>
          <span>
            {sha256 === null ? (
              what
            ) : (
              <a href={`/attestations/${encodeURIComponent(sha256)}`}>{what}</a>
            )}
            {at !== null && (
              <>
                {' '}
                <Moment at={at} />
              </>
            )}
          </span>
        </li>
      ))}
    </ol>
  );
}
