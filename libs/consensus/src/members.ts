import { compareText } from '#libs/encoding';
import type { Standing } from './claim.js';
import type { Roster } from './roster.js';
import { claimsOf, standingOf } from './vote.js';

/** A builder of an operator, as result lists name it. */
export interface Member {
  readonly operator: string;
  readonly builder: string;
}

/** The builders that are in no cluster, by reason; each list by operator, then builder. */
export interface Members {
  readonly failed: readonly (Member & { readonly stage: string; readonly class: string })[];
  /** Builders that gave no result, or built without this artifact. */
  readonly missing: readonly Member[];
  readonly unrevealed: readonly Member[];
  readonly late: readonly Member[];
}

/** What the lists are made of. */
export interface Attendance {
  readonly roster: Roster;
  readonly standings: ReadonlyMap<string, Standing>;
  readonly late: ReadonlySet<string>;
}

/** Lists the builders that gave no digest for an artifact, and why. */
export function membersOf({ roster, standings, late }: Attendance, artifact: string): Members {
  const lists = {
    failed: [] as Members['failed'][number][],
    missing: [] as Member[],
    unrevealed: [] as Member[],
    late: [] as Member[],
  };
  const members = roster
    .flatMap(({ operator, builders }) => builders.map((builder) => ({ operator, builder })))
    // Agents countersign the same verdict bytes, so the roster's order must not show.
    .toSorted((a, b) => compareText(a.operator, b.operator) || compareText(a.builder, b.builder));
  for (const member of members) {
    const standing = standingOf(standings, member.builder);
    if (late.has(member.builder)) lists.late.push(member);
    else if (standing.kind === 'unrevealed') lists.unrevealed.push(member);
    else if (!hasBuilt(standing, artifact)) {
      const failures = failuresOf(standing);
      lists.failed.push(...failures.map((failure) => ({ ...member, ...failure })));
      if (failures.length === 0) lists.missing.push(member);
    }
  }
  return lists;
}

function hasBuilt(standing: Standing, artifact: string): boolean {
  return claimsOf(standing).some((claim) => claim.kind === 'built' && claim.digests.has(artifact));
}

/** Lists what a builder failed by, each failure once. */
function failuresOf(standing: Standing): readonly { stage: string; class: string }[] {
  const failures = claimsOf(standing).flatMap((claim) =>
    claim.kind === 'failed' ? [{ stage: claim.stage, class: claim.class }] : [],
  );
  const byText = new Map(failures.map((failure) => [`${failure.stage}/${failure.class}`, failure]));
  return [...byText].toSorted(([a], [b]) => compareText(a, b)).map(([, failure]) => failure);
}
