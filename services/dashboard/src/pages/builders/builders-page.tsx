import type { ReactNode } from 'react';
import { plain, type BuilderView } from '#libs/contracts';
import { Moment } from '../../components/moment.js';
import { Pager } from '../../components/pager.js';
import { bodyOf } from '../../page-data.js';
import type { PageProps } from '../../page-props.js';
import { BuilderStatus, CalibrationState } from './builder-status.js';

/** The registry of builders: who answers for each, how it stands, when it was last heard of. */
export function BuildersPage({ data, now }: PageProps): ReactNode {
  const list = bodyOf(data, 'builders');
  const builders = list?.builders ?? [];
  return (
    <>
      <h1>Builders</h1>
      <p>
        Machines that rebuild releases, each with a key of its own. Votes are counted by operator,
        never by machine.
      </p>
      {builders.length === 0 ? (
        <p>
          No builder has joined over the registry. Rounds may still invite those of the roster file.
        </p>
      ) : (
        <table className="cards">
          <thead>
            <tr>
              <th scope="col">Builder</th>
              <th scope="col">Operator</th>
              <th scope="col">Status</th>
              <th scope="col">Calibration</th>
              <th scope="col">Last heard of</th>
              <th scope="col">Tags</th>
            </tr>
          </thead>
          <tbody>
            {builders.map((builder) => (
              <Row key={builder.builder} builder={builder} now={now} />
            ))}
          </tbody>
        </table>
      )}
      <Pager what="builders" url={data.url} cursor="after" next={list?.next ?? null} />
    </>
  );
}

function Row(props: { readonly builder: BuilderView; readonly now: Date }): ReactNode {
  const { builder, operator, status, calibration, lastSeenAt, tags } = props.builder;
  return (
    <tr>
      <th scope="row">
        <a href={`/builders/${builder}`}>
          <code>{builder.slice(0, 17)}</code>
        </a>
      </th>
      <td>{plain(operator.name, 60)}</td>
      <td>
        <BuilderStatus status={status} />
      </td>
      <td>
        <CalibrationState calibration={calibration} />
      </td>
      <td>
        {lastSeenAt === null ? (
          <span className="quiet">never</span>
        ) : (
          <Moment at={lastSeenAt} now={props.now} />
        )}
      </td>
      <td>{tags.map((tag) => plain(tag, 40)).join(', ')}</td>
    </tr>
  );
}
