import type { ReactNode } from 'react';
import { plain, titleOf, type GroupReport } from '#libs/contracts';
import { State, type Tone } from '../../components/state.js';
import { Moment } from '../../components/moment.js';
import { Scroll } from '../../components/scroll.js';
import { Verdict } from '../../components/verdict.js';

type Member = GroupReport['members'][number];

const ATTENDANCE: Readonly<Record<Member['attendance'], readonly [Tone, string]>> = {
  attested: ['good', 'attested'],
  partly: ['open', 'some of its builders attested'],
  pending: ['open', 'not yet'],
  absent: ['failed', 'absent'],
  'not-asked': ['failed', 'not asked: no builder of it was in service'],
};

/** What a round comes to for one group: its sentence, each artifact, and who of it was there. */
export function GroupVerdict(props: { readonly report: GroupReport }): ReactNode {
  const { headline, definition, name, needed, members, artifacts } = props.report;
  return (
    <>
      <p>{plain(headline, 1000)}</p>
      <p className="quiet">
        {needed} of {members.length} members have to agree
        {definition === 'current' &&
          '; the round was not opened for this group: this is the group as it is now'}
      </p>
      <ul className="plain-list">
        {artifacts.map((artifact) => (
          <li key={artifact.name}>
            {plain(titleOf(artifact.name), 120)}: <Verdict verdict={artifact.verdict} />
          </li>
        ))}
      </ul>
      <Scroll label={`Members of ${plain(name, 120)}`}>
        <table>
          <thead>
            <tr>
              <th scope="col">Member</th>
              <th scope="col">Attendance</th>
              <th scope="col">When</th>
              <th scope="col">For the vote</th>
            </tr>
          </thead>
          <tbody>
            {members.map((member) => (
              <MemberRow key={member.operator} member={member} />
            ))}
          </tbody>
        </table>
      </Scroll>
    </>
  );
}

function MemberRow(props: { readonly member: Member }): ReactNode {
  const { operator, attendance, attestedAt, isBeforeDeadline } = props.member;
  const [tone, words] = ATTENDANCE[attendance];
  return (
    <tr>
      <th scope="row">{plain(operator, 120)}</th>
      <td>
        <State tone={tone}>{words}</State>
      </td>
      <td>{attestedAt === null ? '–' : <Moment at={attestedAt} />}</td>
      <td>{inTime(isBeforeDeadline)}</td>
    </tr>
  );
}

function inTime(isBeforeDeadline: boolean | null): string {
  if (isBeforeDeadline === null) return '–';
  return isBeforeDeadline ? 'before it ended' : 'after it had ended';
}
