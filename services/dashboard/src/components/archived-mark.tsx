import type { ReactNode } from 'react';
import { State } from './state.js';

/** Says of a round whose evidence has left the database that it has; of all others nothing. */
export function ArchivedMark({ archived }: { readonly archived?: true | undefined }): ReactNode {
  if (archived !== true) return null;
  return (
    <>
      {' '}
      <State tone="plain">archived</State>
    </>
  );
}
