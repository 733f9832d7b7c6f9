import type { ReactNode } from 'react';
import { plain } from '#libs/contracts';
import type { SideNames } from './sides.js';
import { diffRows, type DiffRow } from './unified-diff.js';

const MOST_ROWS = 400;
const LINE_CHARACTERS = 1000;

const WORDS: Readonly<Record<DiffRow['kind'], string>> = {
  place: 'lines',
  same: 'same',
  changed: 'changed',
  left: 'left only',
  right: 'right only',
};

/** Both sides of a text, or of bytes as they are dumped, beside each other; beneath each other where there is no room. */
export function DiffView(props: {
  readonly diff: string;
  readonly sides: SideNames;
  readonly isText: boolean;
}): ReactNode {
  const rows = diffRows(props.diff, MOST_ROWS);
  return (
    <div
      className="diff"
      role="region"
      aria-label={props.isText ? 'Both texts' : 'Bytes of both'}
      tabIndex={0}
    >
      <table role="table">
        <thead role="rowgroup">
          <tr role="row">
            <th role="columnheader" scope="col">
              {props.sides.left}
            </th>
            <th role="columnheader" scope="col">
              {props.sides.right}
            </th>
          </tr>
        </thead>
        <tbody role="rowgroup">
          {rows.map((row, at) => (
            <tr role="row" key={at} className={`diff-${row.kind}`}>
              <Side text={row.left} sign="−" row={row} />
              <Side text={row.right} sign="+" row={row} />
            </tr>
          ))}
        </tbody>
      </table>
      {rows.length === MOST_ROWS && <p className="quiet">The rest stands in the JSON.</p>}
    </div>
  );
}

function Side(props: {
  readonly text: string | null;
  readonly sign: '−' | '+';
  readonly row: DiffRow;
}): ReactNode {
  const { text, sign, row } = props;
  if (text === null) return <td role="cell" className="diff-none" />;
  const isSame = row.kind === 'same' || row.kind === 'place';
  const side = isSame ? 'diff-both' : sign === '+' ? 'diff-added' : 'diff-removed';
  return (
    <td role="cell" className={side} title={WORDS[row.kind]}>
      <code>
        <span
          className="diff-sign"
          aria-label={isSame ? undefined : sign === '+' ? 'right' : 'left'}
        >
          {isSame ? ' ' : sign}
        </span>
        {lineText(text)}
      </code>
    </td>
  );
}

/** Spaces stay as they are; what a page would obey, or put elsewhere, becomes a space. */
function lineText(text: string): string {
  return plain(text.replaceAll('\t', '    '), LINE_CHARACTERS);
}
