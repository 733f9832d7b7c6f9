import type { ReactNode } from 'react';
import { plain, type BuilderView } from '#libs/contracts';
import { Scroll } from '../../components/scroll.js';

const SHOWN = 50;

/** What the machine has that no machine with the right bytes has. */
export function CalibrationDifferences(props: {
  readonly calibration: NonNullable<BuilderView['calibration']>;
}): ReactNode {
  const { round, differs } = props.calibration;
  return (
    <>
      {round !== null && (
        <p>
          Measured in <a href={`/rounds/${round}`}>round {round.slice(0, 12)}</a>. It takes no vote
          away.
        </p>
      )}
      {differs.length > 0 && (
        <Scroll label="What this machine has otherwise">
          <table>
            <thead>
              <tr>
                <th scope="col">Fact</th>
                <th scope="col">Here</th>
                <th scope="col">With the right bytes</th>
              </tr>
            </thead>
            <tbody>
              {differs.slice(0, SHOWN).map(({ fact, own, others }) => (
                <tr key={fact}>
                  <th scope="row">{plain(fact, 80)}</th>
                  <td>{plain(own)}</td>
                  <td>{plain(others)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </Scroll>
      )}
    </>
  );
}
