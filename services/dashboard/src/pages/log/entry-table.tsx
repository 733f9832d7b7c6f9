import type { ReactNode } from 'react';
import { plain, type AttestationList } from '#libs/contracts';
import { Moment } from '../../components/moment.js';

/** Entries of the log, the newest first. */
export function EntryTable({ entries }: { readonly entries: AttestationList }): ReactNode {
  return (
    <table className="cards">
      <thead>
        <tr>
          <th scope="col">Index</th>
          <th scope="col">Kind</th>
          <th scope="col">By</th>
          <th scope="col">Round</th>
          <th scope="col">Logged</th>
        </tr>
      </thead>
      <tbody>
        {entries.attestations.map(
          ({ index, kind, attestation, builder, operator, round, loggedAt }) => (
            <tr key={index}>
              <th scope="row">
                <a href={`/attestations/${attestation}`}>#{index}</a>
              </th>
              <td>{kind}</td>
              <td>
                {builder === null ? (
                  'the coordinator'
                ) : (
                  <a href={`/builders/${builder}`}>
                    {operator === null ? '' : `${plain(operator, 60)} `}
                    <code>{builder.slice(0, 11)}</code>
                  </a>
                )}
              </td>
              <td>
                {round !== null && (
                  <a href={`/rounds/${round}`}>
                    <code>{round.slice(0, 12)}</code>
                  </a>
                )}
              </td>
              <td>{loggedAt !== null && <Moment at={loggedAt} />}</td>
            </tr>
          ),
        )}
      </tbody>
    </table>
  );
}
