import type { ReactNode } from 'react';
import { letterOf, plain, titleOf, type ArtifactReport, type Report } from '#libs/contracts';
import { Digest } from '../../../components/digest.js';
import { Section } from '../../../components/section.js';
import { State } from '../../../components/state.js';
import { Verdict } from '../../../components/verdict.js';
import { ClusterBars } from './cluster-bars.js';
import { ClusterLetter } from './cluster-letter.js';
import { drawClusters, sizesText } from './drawing.js';
import './clusters.css';

/** Most operators that are named of a cluster before the rest is folded away. */
const NAMED = 12;

/** How the votes on each artifact fell: groups of equal bytes, drawn against what is needed. */
export function Clusters({ report }: { readonly report: Report }): ReactNode {
  const voted = report.artifacts.filter(
    ({ clusters, selfContradicting }) => clusters.length + selfContradicting.length > 0,
  );
  return (
    <Section id="clusters" title="Who agrees with whom">
      {voted.length === 0 ? (
        <p className="quiet">No results are open yet.</p>
      ) : (
        <div className="clusters">
          {voted.map((artifact) => (
            <ArtifactClusters
              key={artifact.name}
              artifact={artifact}
              asked={report.round?.eligible ?? 0}
            />
          ))}
        </div>
      )}
    </Section>
  );
}

function ArtifactClusters(props: {
  readonly artifact: ArtifactReport;
  readonly asked: number;
}): ReactNode {
  const { artifact, asked } = props;
  return (
    <figure className="clusters-figure">
      <figcaption>
        <strong>{plain(titleOf(artifact.name), 60)}</strong>{' '}
        <span className="clusters-sizes">{sizesText(artifact, asked)}</span>{' '}
        <Verdict verdict={artifact.verdict} />
      </figcaption>
      {artifact.clusters.length > 0 && <ClusterBars drawing={drawClusters(artifact, asked)} />}
      <ul className="clusters-list">
        {artifact.clusters.map((cluster, at) => (
          <li key={cluster.digest}>
            <ClusterLetter at={at} letter={letterOf(at)} />{' '}
            <Digest value={cluster.digest} what={`the digest of cluster ${letterOf(at)}`} />{' '}
            {cluster.matchesExpected && <State tone="good">expected</State>}{' '}
            <Names names={cluster.operators} />
          </li>
        ))}
        {artifact.selfContradicting.map(({ operator, votes }) => (
          <li key={operator}>
            <State tone="failed">counts not</State> {plain(operator, 60)}: its {votes.length}{' '}
            builders differ
          </li>
        ))}
      </ul>
      {artifact.expected !== null && !artifact.clusters.some((one) => one.matchesExpected) && (
        <p>
          <State tone="bad">nobody built what is expected</State>{' '}
          <Digest value={artifact.expected} what="the expected digest" />
        </p>
      )}
      {artifact.impliedBy.length > 0 && (
        <p className="quiet">
          Follows from {artifact.impliedBy.map((name) => plain(titleOf(name), 60)).join(', ')},
          which is inside it.
        </p>
      )}
    </figure>
  );
}

function Names({ names }: { readonly names: readonly string[] }): ReactNode {
  const shown = names.slice(0, NAMED).map((name) => plain(name, 60));
  const rest = names.slice(NAMED).map((name) => plain(name, 60));
  return (
    <span className="clusters-names">
      {shown.join(', ')}
      {rest.length > 0 && (
        <details>
          <summary>and {rest.length} more</summary>
          {rest.join(', ')}
        </details>
      )}
    </span>
  );
}
