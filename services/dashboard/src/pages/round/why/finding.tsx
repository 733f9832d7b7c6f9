import type { ReactNode } from 'react';
import { contentsText, locationText, plain, type FindingReport } from '#libs/contracts';
import { AttributeTable } from './attribute-table.js';
import { DiffView } from './diff-view.js';
import type { SideNames } from './sides.js';
import { aspectWords } from './aspect-words.js';

const PATH_CHARACTERS = 600;
const DETAIL_CHARACTERS = 2000;

/** One thing that differs: where and what in a line; opened, what either side has. Works without scripts. */
export function Finding(props: {
  readonly finding: FindingReport;
  readonly sides: SideNames;
}): ReactNode {
  const { finding, sides } = props;
  const { difference, class: name, detail, seenFacts, impliedBy } = finding;
  const contents = contentsText(finding);
  return (
    <details className="finding">
      <summary>
        <code className="finding-path">
          {plain(locationText(difference.location), PATH_CHARACTERS)}
        </code>{' '}
        <span className="finding-what">
          <b>{name}</b> <span className="quiet">{aspectWords(difference.aspects)}</span>
        </span>
      </summary>
      <div className="finding-body">
        {detail !== '' && <p>{plain(detail, DETAIL_CHARACTERS)}</p>}
        <OneSided difference={difference} />
        <AttributeTable difference={difference} sides={sides} />
        {contents !== undefined && (
          <DiffView diff={contents} sides={sides} isText={finding.diff !== undefined} />
        )}
        {seenFacts.length > 0 && (
          <p className="quiet">
            Seen in it:{' '}
            {seenFacts.map((fact, at) => (
              <span key={fact}>
                {at > 0 && ', '}
                <code>{plain(fact, 100)}</code>
              </span>
            ))}
          </p>
        )}
        {impliedBy !== undefined && (
          <p className="quiet">
            Follows from <code>{plain(locationText(impliedBy), PATH_CHARACTERS)}</code>
          </p>
        )}
      </div>
    </details>
  );
}

function OneSided({ difference }: { readonly difference: FindingReport['difference'] }): ReactNode {
  const { left, right, kind } = difference;
  if ((left === null) === (right === null)) return null;
  return (
    <p>
      Only the {left === null ? 'right' : 'left'} has this {plain(kind, 40)}.
    </p>
  );
}
