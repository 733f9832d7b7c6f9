import type { EntityManager } from 'typeorm';
import { askText, type Ask, type ChoiceReport, type Replacement } from '#libs/contracts';
import { RoundAskEntity } from '#libs/persistence';
import type { Choice } from '#libs/selection';

/** Those who were left out are listed so far: of a thousand, nobody reads each. */
const LISTED_LEFT = 100;

/** What a round asked for and what was chosen, as it is kept. */
export type KeptChoice = Omit<ChoiceReport, 'ask' | 'replacements'>;

/** A round's ask with everything that came of it. */
export interface RoundAsk {
  readonly round: string;
  readonly ask: Ask;
  readonly choice: KeptChoice;
  readonly replacements: readonly Replacement[];
  readonly dueAt: Date | null;
}

/** Makes of a choice what is kept of it. */
export function keptChoice(ask: Ask, choice: Choice & { readonly kind: 'chosen' }): KeptChoice {
  return {
    text: askText(ask),
    taken: [...choice.taken],
    left: choice.left.slice(0, LISTED_LEFT),
    leftCount: choice.left.length,
  };
}

/** Keeps what a round asked for, in the transaction that opens it; `dueAt` is its first inspection. */
export async function keepAsk(
  manager: EntityManager,
  { round, ask, choice, dueAt }: Omit<RoundAsk, 'replacements'>,
): Promise<void> {
  await manager.insert(RoundAskEntity, { round, ask, choice, dueAt });
}

/** Reads a round's ask; null where it named its builders. */
export async function findAsk(manager: EntityManager, round: string): Promise<RoundAsk | null> {
  const row = await manager.findOneBy(RoundAskEntity, { round });
  if (row === null) return null;
  const { ask, choice, replacements, dueAt } = row;
  return {
    ...{ round, dueAt, ask: ask, choice: choice as KeptChoice },
    replacements: replacements as Replacement[],
  };
}

/** Lists rounds whose builders are to be looked at by now. */
export async function dueAsks(manager: EntityManager, now: Date): Promise<readonly string[]> {
  const rows = await manager.query<{ round: string }[]>(
    'SELECT "round" FROM "round_ask" WHERE "due_at" <= $1 ORDER BY "due_at" LIMIT 50',
    [now],
  );
  return rows.map(({ round }) => round);
}

/** Keeps what an inspection found, and when the next one is due; never where nothing is left to do. */
export async function keepInspection(
  manager: EntityManager,
  round: string,
  { replacements, dueAt }: Pick<RoundAsk, 'replacements' | 'dueAt'>,
): Promise<void> {
  await manager.update(RoundAskEntity, { round }, { replacements: [...replacements], dueAt });
}

/**
 * Has rounds looked at next, in the transaction that gives the reason: somebody declined, or nobody is
 * waited for any more. Those of which nothing is left to look at stay so.
 */
export async function hastenInspections(
  manager: EntityManager,
  rounds: readonly string[],
  now: Date,
): Promise<void> {
  if (rounds.length === 0) return;
  await manager.query(
    'UPDATE "round_ask" SET "due_at" = $2 WHERE "round" = ANY($1) AND "due_at" IS NOT NULL',
    [[...new Set(rounds)], now],
  );
}

/**
 * Picks the rounds that are still to be looked at because somebody declined: to close one would be to
 * say that nobody can take his place.
 */
export async function awaitingInspection(
  manager: EntityManager,
  rounds: readonly string[],
): Promise<ReadonlySet<string>> {
  if (rounds.length === 0) return new Set();
  const rows = await manager.query<{ round: string }[]>(
    'SELECT "round" FROM "round_ask" WHERE "round" = ANY($1) AND "due_at" IS NOT NULL',
    [rounds],
  );
  return new Set(rows.map(({ round }) => round));
}
