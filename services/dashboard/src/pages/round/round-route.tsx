import type { ReactNode } from 'react';
import { bodyOf } from '../../page-data.js';
import type { PageProps } from '../../page-props.js';
import { RoundPage } from './round-page.js';

/** Gives the round's page the answers that it is drawn from. */
export function RoundRoute({ data, now }: PageProps): ReactNode {
  const report = bodyOf(data, 'report');
  if (report === null) return null;
  return (
    <RoundPage
      report={report}
      explanation={bodyOf(data, 'explanation')}
      entries={bodyOf(data, 'entries')}
      logs={bodyOf(data, 'logs')}
      groups={bodyOf(data, 'roundGroups')}
      origin={data.origin}
      url={data.url}
      now={now}
    />
  );
}
