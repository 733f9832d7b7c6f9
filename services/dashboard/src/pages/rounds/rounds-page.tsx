import type { ReactNode } from 'react';
import type { PageProps } from '../../page-props.js';

/** Proposals and rounds, newest first. */
export function RoundsPage({ route }: PageProps): ReactNode {
  if (route.page === 'nowhere') return null;
  return <h1>Proposals and rounds</h1>;
}
