import type { ReactNode } from 'react';
import { addressOf } from '../../address-of.js';
import { bodyOf } from '../../page-data.js';
import type { PageProps } from '../../page-props.js';
import { PrintPage } from './print-page.js';

/** Gives the print view the answers that it is drawn from. */
export function PrintRoute({ data, now }: PageProps): ReactNode {
  const report = bodyOf(data, 'report');
  if (report === null) return null;
  return (
    <PrintPage
      report={report}
      explanation={bodyOf(data, 'explanation')}
      member={memberIn(data.url)}
      origin={data.origin}
      now={now}
    />
  );
}

/** Whose review an address asks for; null where it asks for the group's. */
function memberIn(url: string): string | null {
  return addressOf(url).searchParams.get('member');
}
