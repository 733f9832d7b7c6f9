import type { ReactNode } from 'react';
import { plain, titleOf, type ArtifactReport, type Report } from '#libs/contracts';
import { Digest } from '../../../components/digest.js';
import { Section } from '../../../components/section.js';
import { State } from '../../../components/state.js';
import { hashRows, type HashRow } from './hash-rows.js';
import './hashes.css';

/** What the proposal names, what the CDN has and what was built, beneath each other, artifact by artifact. */
export function Hashes({ report }: { readonly report: Report }): ReactNode {
  if (report.artifacts.length === 0) return null;
  return (
    <Section id="hashes" title="Proposal, CDN and builders compared">
      {report.artifacts.map((artifact) => (
        <HashTable key={artifact.name} report={report} artifact={artifact} />
      ))}
    </Section>
  );
}

function HashTable(props: {
  readonly report: Report;
  readonly artifact: ArtifactReport;
}): ReactNode {
  const { report, artifact } = props;
  const rows = hashRows(report, artifact);
  if (rows.length === 0) return null;
  const others = rows.filter(({ mark }) => mark === 'other').length;
  const title = <strong>{plain(titleOf(artifact.name), 60)}</strong>;
  return (
    <details className="hashes-place" open={artifact.elected || others > 0}>
      <summary>
        {title} {artifact.elected && 'elected '}
        <Agreement rows={rows} />
      </summary>
      <Rows rows={rows} label={`Digests of ${plain(titleOf(artifact.name), 60)}`} />
    </details>
  );
}

/** Says whether all places say the same. */
function Agreement({ rows }: { readonly rows: readonly HashRow[] }): ReactNode {
  const told = rows.filter(({ digest }) => digest !== null).length;
  const others = rows.filter(({ mark }) => mark === 'other').length;
  if (told < 2) return <State tone="plain">nothing to compare yet</State>;
  if (others === 0) return <State tone="good">all {told} say the same</State>;
  return (
    <State tone="bad">
      {others} of {told} say another
    </State>
  );
}

function Rows(props: { readonly rows: readonly HashRow[]; readonly label: string }): ReactNode {
  return (
    <table className="hashes" role="table" aria-label={props.label}>
      <thead role="rowgroup">
        <tr role="row">
          <th role="columnheader" scope="col">
            Where
          </th>
          <th role="columnheader" scope="col">
            SHA-256
          </th>
          <th role="columnheader" scope="col">
            Agrees
          </th>
        </tr>
      </thead>
      <tbody role="rowgroup">
        {props.rows.map((row) => (
          <tr role="row" key={row.key}>
            <th role="rowheader" scope="row">
              {row.source} <span className="quiet">{row.note}</span>
            </th>
            <td role="cell">
              {row.digest === null ? (
                <span className="quiet">none</span>
              ) : (
                <Digest
                  value={row.digest}
                  what={`the digest that is ${row.source}`}
                  isWhole
                  isBare
                />
              )}
            </td>
            <td role="cell">
              <Mark mark={row.mark} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Mark({ mark }: { readonly mark: HashRow['mark'] }): ReactNode {
  switch (mark) {
    case 'reference':
      return <State tone="plain">the measure</State>;
    case 'same':
      return <State tone="good">same</State>;
    case 'other':
      return <State tone="bad">other</State>;
    case 'none':
      return <State tone="plain">unknown</State>;
  }
}
