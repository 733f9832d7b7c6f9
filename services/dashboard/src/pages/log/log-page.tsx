import type { ReactNode } from 'react';
import type { PageProps } from '../../page-props.js';

/** The log. */
export function LogPage({ route }: PageProps): ReactNode {
  if (route.page === 'nowhere') return null;
  return <h1>Transparency log</h1>;
}
