import type { ReactNode } from 'react';
import type { Report, RoundAttestations, RoundExplanation } from '#libs/contracts';
import { PostPanel } from './post/post-panel.js';
import { TrustPanel } from './trust/trust-panel.js';
import { VerifyPanel } from './verify/verify-panel.js';

/** What the page of a round is drawn from. */
export interface RoundPageProps {
  readonly report: Report;
  /** Null before anything is known of why it split. */
  readonly explanation: RoundExplanation | null;
  /** Null where the envelopes are not at hand. */
  readonly attestations: RoundAttestations | null;
  /** Address of this coordinator without a path, for permalinks. */
  readonly origin: string;
  /** Path and query of the page; the query keeps the trust set. */
  readonly url: string;
  /** The moment for which the page is drawn. */
  readonly now: Date;
}

/** A round: what a voter has to know first, then what an engineer asks. */
export function RoundPage({ report, origin, url }: RoundPageProps): ReactNode {
  return (
    <>
      <h1>{report.headline}</h1>
      <TrustPanel report={report} url={url} />
      <VerifyPanel report={report} />
      <PostPanel report={report} origin={origin} />
    </>
  );
}
