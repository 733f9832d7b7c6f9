import { canonicalJson, quote } from '#libs/encoding';
import type { RoundBuilderEntity } from '../entities/round-builder.entity.js';
import type { RoundEntity } from '../entities/round.entity.js';
import type { RoundProjection } from './project-round.js';

/** The first column that is not what the log says: of the round's row, or of a builder's. */
export interface Difference {
  /** Such as `round 01af…` or `round 01af…, builder r6543-…`. */
  readonly where: string;
  readonly detail: string;
}

/** Holds stored rows against what the log makes of them; null when all is the same. */
export function compareRound(
  { row, seats }: RoundProjection,
  stored: RoundEntity | null,
  storedSeats: readonly RoundBuilderEntity[],
): Difference | null {
  const where = `round ${row.id}`;
  if (stored === null) return { where, detail: 'the log has it, and the table of rounds has not' };
  const detail = firstDifference(row, stored);
  if (detail !== null) return { where, detail };
  const rows = new Map(storedSeats.map((seat) => [seat.builder, seat]));
  for (const [builder, seat] of seats) {
    const at = `${where}, builder ${builder}`;
    const found = rows.get(builder);
    if (found === undefined) return { where: at, detail: 'it was invited, and has no row' };
    const other = firstDifference(seat, found);
    if (other !== null) return { where: at, detail: other };
  }
  const extra = storedSeats.find(({ builder }) => !seats.has(builder));
  if (extra === undefined) return null;
  return {
    where: `${where}, builder ${extra.builder}`,
    detail: 'it has a row, and was not invited',
  };
}

function firstDifference(said: object, stored: object): string | null {
  const columns = new Map<string, unknown>(Object.entries(stored));
  for (const [column, value] of Object.entries(said)) {
    const [expected, found] = [textOf(value), textOf(columns.get(column))];
    if (expected === found) continue;
    return `column ${quote(column)} is ${quote(found)}, but the log says ${quote(expected)}`;
  }
  return null;
}

/** JSON as the database gives it back: dates as texts, absent fields left out. */
function textOf(value: unknown): string {
  return canonicalJson(JSON.parse(JSON.stringify(value ?? null)));
}
