import type { ReactNode } from 'react';
import { plain } from '#libs/contracts';
import { detailOf, type ApiAnswer } from '../../page-data.js';

/** Says why a page cannot be shown, and where to go on. */
export function ProblemPage({ problem }: { readonly problem: ApiAnswer }): ReactNode {
  const detail = plain(detailOf(problem), 500);
  return (
    <>
      <h1>{headingOf(problem.status)}</h1>
      {detail !== '' && <p>{detail}</p>}
      <p>
        <a href="/">All proposals and rounds</a>
      </p>
    </>
  );
}

function headingOf(status: number): string {
  if (status === 404) return 'This is not here';
  if (status === 410) return 'This lies in an archive';
  if (status === 429) return 'Too much was asked from your address';
  if (status >= 500) return 'This cannot be shown right now';
  return 'This address is not understood';
}
