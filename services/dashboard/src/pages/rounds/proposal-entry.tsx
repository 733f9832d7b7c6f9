import type { ReactNode } from 'react';
import { plain, titleOf, type ProposalSummary } from '#libs/contracts';
import { ArchivedMark } from '../../components/archived-mark.js';
import { Countdown } from '../../components/countdown.js';
import { RoundState } from '../../components/round-state.js';
import { Verdict } from '../../components/verdict.js';

/** A proposal in the list: what its newest round says, of what, and how long voting goes on. */
export function ProposalEntry(props: {
  readonly proposal: ProposalSummary;
  readonly now: Date;
}): ReactNode {
  const { proposal: id, title, newest, deadlineAt, rounds } = props.proposal;
  const decided = newest?.phase === 'final' ? newest.artifacts : [];
  const elected = decided.filter((artifact) => artifact.elected);
  return (
    <article className="entry">
      <h3>
        <a href={`/proposals/${id}`}>Proposal {id}</a>
        {title !== '' && <span className="entry-title"> {plain(title)}</span>}
      </h3>
      <p>{newest === null ? 'No round has been held on it yet.' : plain(newest.headline, 1000)}</p>
      <ul className="entry-facts">
        {newest !== null && newest.phase !== 'final' && (
          <li>
            <RoundState phase={newest.phase} outcome={newest.outcome} />
          </li>
        )}
        {elected.map(({ name, verdict }) => (
          <li key={name}>
            {plain(titleOf(name), 60)} <Verdict verdict={verdict} />
          </li>
        ))}
        {deadlineAt !== null && (
          <li>
            <Countdown
              until={deadlineAt}
              now={props.now}
              what="voting ends"
              whatThen="voting ended"
            />
          </li>
        )}
        {newest !== null && (
          <li>
            <a href={`/rounds/${newest.round}`}>
              {rounds === 1 ? 'its round' : `newest of ${rounds} rounds`}
            </a>
            <ArchivedMark archived={newest.archived} />
          </li>
        )}
      </ul>
    </article>
  );
}
