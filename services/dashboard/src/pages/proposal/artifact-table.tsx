import type { ReactNode } from 'react';
import { describe, plain, titleOf, type ArtifactReport } from '#libs/contracts';
import { Digest } from '../../components/digest.js';
import { Verdict } from '../../components/verdict.js';

/** Artifacts of a round with their verdicts in words. `asked`: operators that were invited. */
export function ArtifactTable(props: {
  readonly artifacts: readonly ArtifactReport[];
  readonly asked: number;
}): ReactNode {
  return (
    <table className="cards">
      <thead>
        <tr>
          <th scope="col">Artifact</th>
          <th scope="col">Verdict</th>
          <th scope="col">In words</th>
          <th scope="col">Proposal names</th>
        </tr>
      </thead>
      <tbody>
        {props.artifacts.map((artifact) => (
          <tr key={artifact.name}>
            <th scope="row">
              {plain(titleOf(artifact.name), 60)}
              {artifact.elected && <span className="quiet"> (elected)</span>}
            </th>
            <td>
              <Verdict verdict={artifact.verdict} />
            </td>
            <td>{describe(artifact, props.asked)}</td>
            <td data-label="The proposal names">
              {artifact.expected === null ? (
                <span className="quiet">nothing</span>
              ) : (
                <Digest
                  value={artifact.expected}
                  what={`digest that the proposal names for ${plain(artifact.name, 60)}`}
                />
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
