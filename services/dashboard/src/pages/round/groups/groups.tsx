import type { ReactNode } from 'react';
import { plain, type RoundGroups } from '#libs/contracts';
import { Section } from '../../../components/section.js';
import { GroupVerdict } from '../../group/group-verdict.js';

/** What the round comes to for each group that has members in it. */
export function Groups(props: { readonly groups: RoundGroups | null }): ReactNode {
  const groups = props.groups?.groups ?? [];
  if (groups.length === 0) return null;
  return (
    <Section id="groups" title="By group">
      {groups.map((report) => (
        <Section
          key={report.group}
          id={`group-${report.group}`}
          level={3}
          title={<a href={`/groups/${report.group}`}>{plain(report.name, 200)}</a>}
        >
          <GroupVerdict report={report} />
        </Section>
      ))}
    </Section>
  );
}
