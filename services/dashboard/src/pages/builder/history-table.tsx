import type { ReactNode } from 'react';
import { plain, type BuilderHistory } from '#libs/contracts';
import { ArchivedMark } from '../../components/archived-mark.js';
import { Moment } from '../../components/moment.js';
import { RoundState } from '../../components/round-state.js';
import { StandingState } from './standing-state.js';

/** The rounds that a builder was invited to, newest first. */
export function HistoryTable({ history }: { readonly history: BuilderHistory }): ReactNode {
  if (history.rounds.length === 0) return <p>No round has invited it yet.</p>;
  return (
    <table className="cards">
      <thead>
        <tr>
          <th scope="col">Opened</th>
          <th scope="col">Round</th>
          <th scope="col">This builder</th>
          <th scope="col">The round</th>
          <th scope="col">Release</th>
        </tr>
      </thead>
      <tbody>
        {history.rounds.map(
          ({ round, openedAt, standing, phase, outcome, release, proposal, archived }) => (
            <tr key={round}>
              <td>
                <Moment at={openedAt} />
              </td>
              <td>
                <a href={`/rounds/${round}`}>
                  <code>{round.slice(0, 12)}</code>
                </a>
                {proposal !== null && (
                  <>
                    {' '}
                    <a href={`/proposals/${proposal}`}>proposal {proposal}</a>
                  </>
                )}
              </td>
              <td data-label="This builder">
                <StandingState standing={standing} />
              </td>
              <td data-label="The round">
                <RoundState
                  phase={phase}
                  outcome={outcome}
                  isTrial={standing === null && outcome === null}
                />
                <ArchivedMark archived={archived} />
              </td>
              <td>
                <code>{plain(release, 60)}</code>
              </td>
            </tr>
          ),
        )}
      </tbody>
    </table>
  );
}
