import type { ReactNode } from 'react';
import type { PageProps } from '../../page-props.js';

/** All builders. */
export function BuildersPage({ route }: PageProps): ReactNode {
  if (route.page === 'nowhere') return null;
  return <h1>Builders</h1>;
}
