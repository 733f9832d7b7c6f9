import type { ReactNode } from 'react';
import { Pager } from '../../components/pager.js';
import { Section } from '../../components/section.js';
import { bodyOf } from '../../page-data.js';
import type { PageProps } from '../../page-props.js';
import { ProposalGroups } from './proposal-groups.js';
import { RoundTable } from './round-table.js';
import './rounds.css';

/** Where everybody begins: proposals by how they stand, and all rounds, newest first. */
export function RoundsPage({ data, now }: PageProps): ReactNode {
  const proposals = bodyOf(data, 'proposals');
  const rounds = bodyOf(data, 'rounds');
  return (
    <>
      <h1>Proposals and rounds</h1>
      {proposals !== null && (
        <>
          <ProposalGroups proposals={proposals.proposals} now={now} />
          <Pager what="proposals" url={data.url} cursor="before" next={proposals.next} />
        </>
      )}
      <Section id="rounds" title="All rounds, newest first">
        {rounds === null || rounds.rounds.length === 0 ? (
          <p>No round has been opened here yet.</p>
        ) : (
          <RoundTable rounds={rounds.rounds} now={now} />
        )}
        <Pager what="rounds" url={data.url} cursor="rounds" next={rounds?.next ?? null} />
      </Section>
    </>
  );
}
