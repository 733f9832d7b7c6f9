import type { ReactNode } from 'react';
import type { PageProps } from '../../page-props.js';

/** One builder. */
export function BuilderPage({ route }: PageProps): ReactNode {
  if (route.page === 'nowhere') return null;
  return <h1>Builder</h1>;
}
