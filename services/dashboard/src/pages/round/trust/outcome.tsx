import type { ReactNode } from 'react';
import { describe, plain, titleOf } from '#libs/contracts';
import { State } from '../../../components/state.js';
import { Verdict } from '../../../components/verdict.js';
import type { Recounted } from './recounted.js';

/** The verdict for a trust set, artifact by artifact, and where it differs from the round's own. */
export function Outcome(props: { readonly recounted: Recounted }): ReactNode {
  const { recounted } = props;
  if (recounted.kind === 'refused') {
    return (
      <p className="trust-outcome" role="status">
        <State tone="failed">{plain(recounted.why, 500)}</State>
      </p>
    );
  }
  const { artifacts, changed, policy } = recounted.verdict;
  const before = new Map(changed.map(({ artifact, from }) => [artifact, from]));
  return (
    <div className="trust-outcome" role="status">
      <p>
        {policy.needed} of {policy.eligible} trusted operators have to agree
        {changed.length === 0 ? '; nothing else comes out than for the round.' : '.'}
      </p>
      <ul className="plain-list">
        {artifacts.map((artifact) => {
          const was = before.get(artifact.name);
          return (
            <li key={artifact.name}>
              {plain(titleOf(artifact.name), 120)}:{' '}
              <Verdict verdict={artifact.verdict}>{describe(artifact, policy.eligible)}</Verdict>
              {was !== undefined && <> (for the round: {was})</>}
            </li>
          );
        })}
      </ul>
    </div>
  );
}
