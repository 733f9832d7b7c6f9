import { In, type EntityManager } from 'typeorm';
import { RoundOpen, type Result, type Reveal } from '#libs/attestation';
import { claimOf } from '#libs/contracts';
import { OPENED, type RoundState } from '#libs/consensus';
import { RoundEntity, type RoundBuilderEntity } from '#libs/persistence';
import { readResults } from './round-results.js';
import { readReveals } from './round-reveals.js';
import { readSeats } from './seat-rows.js';
import type { KnownResults } from './verified-results.service.js';

/** A round with everything logged of it, read in one transaction. */
export interface LoadedRound {
  readonly row: RoundEntity;
  /** RoundOpen, with everybody who was ever invited on its roster. */
  readonly open: RoundOpen;
  readonly builders: readonly RoundBuilderEntity[];
  readonly state: RoundState;
  /** Every result that was shown, by builder, counted or not. */
  readonly results: ReadonlyMap<string, Result>;
  /** What those who showed them had seen of the log, in a round that asks for witnesses. */
  readonly reveals: ReadonlyMap<string, Reveal>;
}

/** Lists the ids of all builders that a round invited. */
export function invitedBuilders(open: RoundOpen): readonly string[] {
  return open.roster.flatMap(({ builders }) => builders.map(({ builder }) => builder));
}

/** What a round's row says of who was invited to what. */
export type OpenRow = Pick<RoundEntity, 'open' | 'roster'>;

/** Reads a round's RoundOpen with its amended roster; null when there is no such round. */
export async function findOpen(manager: EntityManager, round: string): Promise<RoundOpen | null> {
  const row = (await readOpenRows(manager, [round])).get(round);
  return row === undefined ? null : openOf(row);
}

/** Reads what {@link openOf} takes, by round; what is not known is left out. */
export async function readOpenRows(
  manager: EntityManager,
  rounds: readonly string[],
): Promise<ReadonlyMap<string, OpenRow>> {
  const rows = await manager.query<(OpenRow & Pick<RoundEntity, 'id'>)[]>(
    'SELECT "id", "open", "roster" FROM "round" WHERE "id" = ANY($1)',
    [rounds],
  );
  return new Map(rows.map((row) => [row.id, row]));
}

/** RoundOpen with everybody who was ever invited: whoever reads a roster reads this one. */
export function openOf({ open, roster }: OpenRow): RoundOpen {
  return RoundOpen.parse(roster === null ? open : { ...open, roster });
}

/** Reads a round with its results, as {@link loadRounds} does; null when there is no such round. */
export async function loadRound(
  manager: EntityManager,
  round: string,
  verified?: KnownResults,
): Promise<LoadedRound | null> {
  const [loaded] = await loadRounds(manager, [round], verified);
  return loaded ?? null;
}

/**
 * Reads rounds with their results, in no order; what is not known is left out. Results that `verified`
 * knows are not verified once more.
 */
export async function loadRounds(
  manager: EntityManager,
  rounds: readonly string[],
  verified?: KnownResults,
): Promise<readonly LoadedRound[]> {
  if (rounds.length === 0) return [];
  const rows = await manager.findBy(RoundEntity, { id: In([...rounds]) });
  const seats = Map.groupBy(await readSeats(manager, rounds), ({ round }) => round);
  const opened = rows.map((row) => {
    return { row, open: openOf(row), builders: seats.get(row.id) ?? [] };
  });
  const shown = await readResults(manager, opened, verified);
  const loaded: LoadedRound[] = [];
  for (const { row, open, builders } of opened) {
    const results: ReadonlyMap<string, Result> = shown.get(row.id) ?? new Map();
    const reveals: ReadonlyMap<string, Reveal> =
      open.witnessing === undefined ? new Map() : await readReveals(manager, row.id, open);
    const state = stateOf({ row, open, builders, results });
    loaded.push({ row, open, builders, state, results, reveals });
  }
  return loaded;
}

function stateOf({
  row,
  open,
  builders,
  results,
}: Pick<LoadedRound, 'row' | 'open' | 'builders' | 'results'>): RoundState {
  const counted = builders.filter(({ isCounted }) => isCounted);
  return {
    ...OPENED,
    phase: row.phase,
    isBlind: open.blind,
    commits: new Map(
      builders.flatMap(({ builder, commitment, isLate }) =>
        commitment === null || isLate ? [] : [[builder, commitment]],
      ),
    ),
    declined: new Set(
      builders.flatMap(({ builder, declineIndex, commitment }) =>
        declineIndex === null || commitment !== null ? [] : [builder],
      ),
    ),
    late: new Set(
      builders
        .filter(({ isLate, commitIndex }) => isLate && isBefore(commitIndex, row.verdictIndex))
        .map(({ builder }) => builder),
    ),
    claims: new Map(
      counted.flatMap(({ builder }) => {
        const result = results.get(builder);
        return result === undefined ? [] : [[builder, claimOf(result)]];
      }),
    ),
  };
}

/** Tells whether an entry stands before the verdict, if there is one: none knows of what comes after. */
function isBefore(index: number | null, verdictIndex: number | null): boolean {
  return verdictIndex === null || (index !== null && index < verdictIndex);
}
