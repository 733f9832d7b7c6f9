import type { ReactNode } from 'react';
import type { Report } from '#libs/contracts';

/** What came out of a round for those whom a reader trusts. */
export interface TrustPanelProps {
  readonly report: Report;
  /** The page's address with its query, which keeps the trust set. */
  readonly url: string;
}

/** Lets a reader choose whom to trust, and shows what the verdict is then. */
export function TrustPanel(props: TrustPanelProps): ReactNode {
  return props.report.round === null ? null : <></>;
}
