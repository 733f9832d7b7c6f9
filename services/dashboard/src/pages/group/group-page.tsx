import type { ReactNode } from 'react';
import { plain } from '#libs/contracts';
import { Facts } from '../../components/facts.js';
import { Moment } from '../../components/moment.js';
import { Section } from '../../components/section.js';
import { bodyOf } from '../../page-data.js';
import type { PageProps } from '../../page-props.js';
import { GroupVerdict } from './group-verdict.js';

/** One group: who it is, and what its rounds came to for it alone. */
export function GroupPage({ data }: PageProps): ReactNode {
  const group = bodyOf(data, 'group');
  const page = bodyOf(data, 'groupRounds');
  if (group === null) return null;
  const rounds = page?.rounds ?? [];
  return (
    <>
      <h1>{plain(group.name, 200)}</h1>
      <Facts
        rows={[
          ['Group', group.group],
          ['Members', group.members.map((member) => plain(member, 120)).join(', ')],
          ['Has to agree', group.threshold],
          ['About', aboutOf(group.about)],
          [
            'Feed',
            <a key="feed" href={`/feeds/groups/${group.group}.atom`}>
              Atom
            </a>,
          ],
          ['As of', <Moment key="at" at={group.updatedAt} />],
        ]}
      />
      <h2>Rounds</h2>
      {rounds.length === 0 && <p>No round was opened for this group yet.</p>}
      {rounds.map(({ round, openedAt, proposal, report }) => (
        <Section
          key={round}
          id={`round-${round.slice(0, 12)}`}
          level={3}
          title={
            <a href={`/rounds/${round}`}>
              {proposal === null ? 'Round' : `Proposal ${proposal}`} {round.slice(0, 12)}
            </a>
          }
        >
          <p className="quiet">
            opened <Moment at={openedAt} />
          </p>
          <GroupVerdict report={report} />
        </Section>
      ))}
      {page !== null && page.next !== null && (
        <p>
          <a href={`/groups/${group.group}?before=${page.next}`}>older rounds</a>
        </p>
      )}
    </>
  );
}

/** An address that a group gives itself is a stranger's: it is shown, and opened without our name. */
function aboutOf(url: string | null): ReactNode {
  if (url === null || !/^https?:\/\//i.test(url)) return null;
  return (
    <a href={url} rel="noopener noreferrer nofollow ugc">
      {plain(url, 200)}
    </a>
  );
}
