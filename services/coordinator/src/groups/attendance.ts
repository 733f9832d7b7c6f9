import type { RoundGroup } from '#libs/attestation';
import type { MemberReport } from '#libs/contracts';
import type { LoadedRound } from '../rounds/round-store.js';

/** When results were logged, by builder; null where that was not kept. */
export type LoggedAt = ReadonlyMap<string, Date | null>;

/** Tells of each member of a group whether it was there, and whether in time for the vote. */
export function attendanceOf(
  { open, row }: Pick<LoadedRound, 'open' | 'row'>,
  { members }: Pick<RoundGroup, 'members'>,
  loggedAt: LoggedAt,
  deadline: Date | null,
): readonly MemberReport[] {
  const asked = new Map(open.roster.map(({ operator, builders }) => [operator, builders]));
  return members.map((operator) => {
    const builders = asked.get(operator) ?? [];
    const said = builders.filter(({ builder }) => loggedAt.has(builder)).length;
    const times = builders.flatMap(({ builder }) => loggedAt.get(builder) ?? []);
    const last = times.toSorted((a, b) => a.getTime() - b.getTime()).at(-1) ?? null;
    return {
      operator,
      attendance: attendance(builders.length, said, row.phase === 'final'),
      attestedAt: last?.toISOString() ?? null,
      isBeforeDeadline: last === null || deadline === null ? null : last < deadline,
    };
  });
}

function attendance(asked: number, said: number, isOver: boolean): MemberReport['attendance'] {
  if (asked === 0) return 'not-asked';
  if (said === asked) return 'attested';
  if (said > 0) return 'partly';
  return isOver ? 'absent' : 'pending';
}
