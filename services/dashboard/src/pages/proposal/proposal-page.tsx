import type { ReactNode } from 'react';
import type { PageProps } from '../../page-props.js';

/** One proposal, and its rounds. */
export function ProposalPage({ route }: PageProps): ReactNode {
  if (route.page === 'nowhere') return null;
  return <h1>Proposal</h1>;
}
