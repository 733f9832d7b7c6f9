import type { ReactNode } from 'react';
import { describe, letterOf, plain, titleOf } from '#libs/contracts';
import type { Report } from '#libs/contracts';
import { Scroll } from '../../components/scroll.js';
import { Section } from '../../components/section.js';
import { Verdict } from '../../components/verdict.js';

/** Verdicts and clusters with whole digests, as one table. */
export function PrintedArtifacts({ report }: { readonly report: Report }): ReactNode {
  const { artifacts, round } = report;
  if (artifacts.length === 0) return null;
  return (
    <Section id="artifacts" title="What came out">
      <Scroll label="Verdicts">
        <table>
          <thead>
            <tr>
              <th scope="col">Artifact</th>
              <th scope="col">Verdict</th>
              <th scope="col">Digests (SHA-256)</th>
            </tr>
          </thead>
          <tbody>
            {artifacts.map((artifact) => (
              <tr key={artifact.name}>
                <th scope="row">
                  {plain(titleOf(artifact.name))}
                  {artifact.elected && ' (elected)'}
                </th>
                <td>
                  <Verdict verdict={artifact.verdict} />
                  <p>{plain(describe(artifact, round?.eligible ?? 0))}</p>
                  {artifact.flags.length > 0 && (
                    <p className="quiet">{artifact.flags.join(', ')}</p>
                  )}
                </td>
                <td>
                  <p>
                    expected <code>{artifact.expected ?? 'unknown'}</code>
                  </p>
                  {artifact.clusters.map(({ digest, operators, matchesExpected }, at) => (
                    <p key={digest}>
                      <strong>{letterOf(at)}</strong> <code>{digest}</code>
                      {matchesExpected && ' (expected)'}:{' '}
                      {operators.map((name) => plain(name, 60)).join(', ')}
                    </p>
                  ))}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
    </Section>
  );
}
