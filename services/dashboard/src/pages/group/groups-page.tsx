import type { ReactNode } from 'react';
import { plain } from '#libs/contracts';
import { Scroll } from '../../components/scroll.js';
import { bodyOf } from '../../page-data.js';
import type { PageProps } from '../../page-props.js';

/** All groups. */
export function GroupsPage({ data }: PageProps): ReactNode {
  const groups = bodyOf(data, 'groups')?.groups ?? [];
  return (
    <>
      <h1>Groups</h1>
      <p>
        Communities that attest together. Each has its members, and says how many have to agree.
      </p>
      {groups.length === 0 ? (
        <p>There are no groups here yet.</p>
      ) : (
        <Scroll label="Groups">
          <table>
            <thead>
              <tr>
                <th scope="col">Group</th>
                <th scope="col">Members</th>
                <th scope="col">Has to agree</th>
              </tr>
            </thead>
            <tbody>
              {groups.map(({ group, name, members, threshold }) => (
                <tr key={group}>
                  <th scope="row">
                    <a href={`/groups/${group}`}>{plain(name, 200)}</a>
                  </th>
                  <td>{members.map((member) => plain(member, 120)).join(', ')}</td>
                  <td>{threshold}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </Scroll>
      )}
    </>
  );
}
