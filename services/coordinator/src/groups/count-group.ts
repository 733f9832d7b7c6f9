import type { RoundGroup } from '#libs/attestation';
import { headlineOf, type GroupReport } from '#libs/contracts';
import { artifactReport } from '../reports/round-report.js';
import { countRound, electorateOf, type CountedIn } from '../rounds/round-ballot.js';
import type { LoadedRound } from '../rounds/round-store.js';
import { attendanceOf, type LoggedAt } from './attendance.js';
import { neededIn } from './group-row.js';

/** What of a round is not in what is loaded of it. */
export interface GroupQuestion extends CountedIn {
  readonly definition: GroupReport['definition'];
  readonly deadline: Date | null;
  readonly loggedAt: LoggedAt;
}

/**
 * Says what a round comes to for one group: the round's own rules, over the group's members alone. A
 * member that was not asked counts among those of whom a fraction is taken: leaving somebody out
 * makes no agreement.
 */
export function countGroup(
  loaded: LoadedRound,
  group: RoundGroup,
  question: GroupQuestion,
): GroupReport {
  const asked = new Map(electorateOf(loaded).roster.map((entry) => [entry.operator, entry]));
  const roster = group.members.map((operator) => asked.get(operator) ?? { operator, builders: [] });
  const { threshold, name, members } = group;
  const { proposal } = loaded.open;
  const artifacts = countRound(loaded, question, { roster, threshold }).map(artifactReport);
  return {
    ...{ group: group.group, name, definition: question.definition, threshold },
    needed: neededIn(group),
    members: [...attendanceOf(loaded, group, question.loggedAt, question.deadline)],
    headline: headlineOf({
      ...{ kind: 'round', deployment: null, release: loaded.open.release, artifacts },
      proposal: proposal === null ? null : { id: proposal.id, unelects: [] },
      round: { ...loaded.open, eligible: members.length },
    }),
    artifacts,
  };
}
