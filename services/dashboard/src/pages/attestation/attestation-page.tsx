import type { ReactNode } from 'react';
import type { PageProps } from '../../page-props.js';

/** One attestation. */
export function AttestationPage({ route }: PageProps): ReactNode {
  if (route.page === 'nowhere') return null;
  return <h1>Attestation</h1>;
}
