import type { ReactNode } from 'react';
import { outcomeWords, plain, titleOf, type MemberReview } from '#libs/contracts';
import { Scroll } from '../../components/scroll.js';
import { Section } from '../../components/section.js';

/** What one member built, in its own words: whole digests, and what they match. */
export function PrintedReview({ review }: { readonly review: MemberReview }): ReactNode {
  if (review.artifacts.length === 0) return null;
  return (
    <Section id="review" title="What I built">
      <Scroll label="What I built">
        <table>
          <thead>
            <tr>
              <th scope="col">Artifact</th>
              <th scope="col">Result</th>
              <th scope="col">Digests (SHA-256)</th>
            </tr>
          </thead>
          <tbody>
            {review.artifacts.map(({ artifact, outcome, digests }) => (
              <tr key={artifact.name}>
                <th scope="row">
                  {plain(titleOf(artifact.name))}
                  {artifact.elected && ' (elected)'}
                </th>
                <td>{outcomeWords({ outcome })}</td>
                <td>
                  {digests.length === 0
                    ? '–'
                    : digests.map((digest) => (
                        <p key={digest}>
                          <code>{digest}</code>
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
