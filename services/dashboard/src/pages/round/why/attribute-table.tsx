import type { ReactNode } from 'react';
import { plain, type FindingReport } from '#libs/contracts';
import { Scroll } from '../../../components/scroll.js';
import { attributeRows, isContentDigest } from './attribute-rows.js';
import type { SideNames } from './sides.js';

const VALUE_CHARACTERS = 400;

/** What both sides have of a thing: times, permissions, sizes, digests. */
export function AttributeTable(props: {
  readonly difference: FindingReport['difference'];
  readonly sides: SideNames;
}): ReactNode {
  const rows = attributeRows(props.difference);
  if (rows.length === 0) return null;
  const value = (name: string, text: string | null): ReactNode => {
    if (text === null) return <span className="quiet">not there</span>;
    const safe = plain(text, VALUE_CHARACTERS);
    return isContentDigest(name) ? (
      <code className="digest" title={safe}>
        {safe}
      </code>
    ) : (
      safe
    );
  };
  return (
    <Scroll label="What both sides have">
      <table className="attributes">
        <thead>
          <tr>
            <th scope="col">Attribute</th>
            <th scope="col">{props.sides.left}</th>
            <th scope="col">{props.sides.right}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ name, left, right }) => (
            <tr key={name}>
              <th scope="row">{plain(name, 60)}</th>
              <td>{value(name, left)}</td>
              <td>{value(name, right)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  );
}
