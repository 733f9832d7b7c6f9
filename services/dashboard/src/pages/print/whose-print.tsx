import type { ReactNode } from 'react';
import { membersOf, plain, type Report } from '#libs/contracts';

const MEMBERS_LISTED = 100;
/** UTF-16 units: no address takes more, and nobody is called so. */
const MAX_NAME_LENGTH = 256;

/** Leads to the print views of a round: the group's, and each member's own review. Not on paper. */
export function WhosePrint(props: {
  readonly report: Report;
  /** Whose review is shown; null for the group's. */
  readonly member: string | null;
}): ReactNode {
  const { report, member } = props;
  const members = membersOf(report)
    .filter((name) => name.length <= MAX_NAME_LENGTH)
    .slice(0, MEMBERS_LISTED);
  if (report.round === null || members.length === 0) return null;
  const path = `/rounds/${encodeURIComponent(report.round.round)}/print`;
  return (
    <nav className="whose-print" aria-label="Whose print view">
      <ul>
        <li>
          <a href={path} {...(member === null && { 'aria-current': 'page' as const })}>
            The group’s
          </a>
        </li>
        {members.map((name) => (
          <li key={name}>
            <a
              href={`${path}?${new URLSearchParams({ member: name }).toString()}`}
              {...(member === name && { 'aria-current': 'page' as const })}
            >
              {plain(name, 60)}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}
