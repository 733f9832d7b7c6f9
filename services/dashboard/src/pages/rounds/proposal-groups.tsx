import type { ReactNode } from 'react';
import type { ProposalSummary } from '#libs/contracts';
import { ProposalEntry } from './proposal-entry.js';
import { groupOf, type ProposalGroup } from './proposal-group.js';

const HEADINGS: readonly (readonly [ProposalGroup, string, string])[] = [
  ['open', 'Open', 'Voting or building still goes on.'],
  ['differs', 'Not reproduced', 'Builders got other bytes than expected, or than one another.'],
  [
    'undecided',
    'Undecided',
    'Too few builds came to an end: machines failed, or nobody came. This says nothing of the release.',
  ],
  ['reproduced', 'Reproduced', 'Enough operators built what the proposal names.'],
  ['rest', 'Nothing to build, or not looked at', 'No version is elected, or no round was held.'],
];

/** The proposals of a page by how they stand; what needs to be looked at is open, what is well is folded. */
export function ProposalGroups(props: {
  readonly proposals: readonly ProposalSummary[];
  readonly now: Date;
}): ReactNode {
  const groups = Map.groupBy(props.proposals, (proposal) => groupOf(proposal, props.now));
  const isAllWell = !groups.has('open') && !groups.has('differs') && !groups.has('undecided');
  return HEADINGS.map(([group, heading, words]) => {
    const proposals = groups.get(group);
    if (proposals === undefined) return null;
    const isOpen = isAllWell || (group !== 'reproduced' && group !== 'rest');
    return (
      <details key={group} open={isOpen} className="group">
        <summary>
          <h2>
            {heading} ({proposals.length})
          </h2>
        </summary>
        <p className="quiet">{words}</p>
        {proposals.map((proposal) => (
          <ProposalEntry key={proposal.proposal} proposal={proposal} now={props.now} />
        ))}
      </details>
    );
  });
}
