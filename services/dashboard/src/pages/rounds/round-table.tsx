import type { ReactNode } from 'react';
import { plain, type RoundSummary } from '#libs/contracts';
import { ArchivedMark } from '../../components/archived-mark.js';
import { Moment } from '../../components/moment.js';
import { RoundState } from '../../components/round-state.js';

/** Rounds of all kinds, each with the sentence that it comes to. */
export function RoundTable(props: {
  readonly rounds: readonly RoundSummary[];
  readonly now: Date;
}): ReactNode {
  return (
    <table className="cards">
      <thead>
        <tr>
          <th scope="col">Opened</th>
          <th scope="col">Round</th>
          <th scope="col">State</th>
          <th scope="col">What it says</th>
        </tr>
      </thead>
      <tbody>
        {props.rounds.map(
          ({ round, phase, outcome, headline, openedAt, experiment, calibration, archived }) => (
            <tr key={round}>
              <td>
                <Moment at={openedAt} />
              </td>
              <td>
                <a href={`/rounds/${round}`}>
                  <code>{round.slice(0, 12)}</code>
                </a>
              </td>
              <td>
                <RoundState
                  phase={phase}
                  outcome={outcome}
                  isTrial={experiment !== undefined || calibration !== undefined}
                />
                <ArchivedMark archived={archived} />
              </td>
              <td>{plain(headline, 1000)}</td>
            </tr>
          ),
        )}
      </tbody>
    </table>
  );
}
