import type { ReactNode } from 'react';
import { plain, shortTitleOf, titleOf, type BuilderReport, type Report } from '#libs/contracts';
import { Digest } from '../../../components/digest.js';
import { Section } from '../../../components/section.js';
import { State } from '../../../components/state.js';
import { ClusterLetter } from '../clusters/cluster-letter.js';
import { cellOf, type MatrixCell } from './cell.js';
import { BuilderState } from './builder-state.js';
import './matrix.css';

/**
 * Who built what: a row for each builder, a column for each artifact. Roles are written out: where there
 * is no room the rows become cards, and a table that is laid out otherwise is none to some readers.
 */
export function Matrix({ report }: { readonly report: Report }): ReactNode {
  if (report.builders.length === 0) return null;
  return (
    <Section id="matrix" title="Who built what">
      <div className="matrix-place" role="region" aria-labelledby="matrix" tabIndex={0}>
        <table className="matrix" role="table" aria-labelledby="matrix">
          <thead role="rowgroup">
            <tr role="row">
              <th role="columnheader" scope="col">
                Builder
              </th>
              {report.artifacts.map(({ name, elected }) => (
                <th role="columnheader" scope="col" key={name}>
                  {plain(titleOf(name), 60)}
                  {elected && <span className="quiet"> elected</span>}
                </th>
              ))}
            </tr>
          </thead>
          <tbody role="rowgroup">
            {report.builders.map((builder) => (
              <Row key={builder.builder} builder={builder} report={report} />
            ))}
          </tbody>
        </table>
      </div>
      <p className="quiet matrix-key">
        Equal letters in a column are equal bytes; A is the largest group. Each hash is whole on the
        page: select it to copy it.
      </p>
    </Section>
  );
}

function Row(props: { readonly builder: BuilderReport; readonly report: Report }): ReactNode {
  const { builder, report } = props;
  return (
    <tr role="row">
      <th role="rowheader" scope="row">
        <a href={`/builders/${builder.builder}`} title={builder.builder}>
          {plain(builder.operator, 60)}
        </a>{' '}
        <code className="quiet">{plain(builder.builder.slice(0, 11))}</code>
        <BuilderState builder={builder} />
      </th>
      {report.artifacts.map((artifact) => (
        <td role="cell" key={artifact.name}>
          <span className="matrix-label" aria-hidden="true">
            {shortTitleOf(artifact.name)}
          </span>
          <Cell cell={cellOf(builder, artifact)} artifact={artifact.name} />
        </td>
      ))}
    </tr>
  );
}

function Cell(props: { readonly cell: MatrixCell; readonly artifact: string }): ReactNode {
  const { tone, letter, cluster, digest, words } = props.cell;
  return (
    <span className="matrix-cell">
      <span className="matrix-said">
        {cluster !== null && <ClusterLetter at={cluster} letter={letter} />}
        <State tone={tone}>{words}</State>
      </span>
      {digest !== null && (
        <Digest
          value={digest}
          what={`the digest of ${plain(titleOf(props.artifact), 60)}`}
          isBare
        />
      )}
    </span>
  );
}
