import { IsNull, type EntityManager } from 'typeorm';
import { isKeyStatement, RoundOpen } from '#libs/attestation';
import { LogEntryEntity } from '../entities/log-entry.entity.js';
import { RoundBuilderEntity } from '../entities/round-builder.entity.js';
import { RoundEntity } from '../entities/round.entity.js';
import { compareRound } from '../projection/compare.js';
import { compareDecided } from '../projection/compare-decided.js';
import { storedDecided } from '../projection/decided-rows.js';
import { beginsLog, isAdminAct, labelOf, type Label } from '../projection/label.js';
import { bodiesOf, readLogged, type LoggedStatement } from '../projection/logged-statement.js';
import { ImpossibleEntry, projectRound } from '../projection/project-round.js';
import { checkProposal } from './check-proposal.js';
import type { LogFinding } from './log-finding.js';

/**
 * Makes every round anew from the log and holds it against its rows and its archived proposal, and the columns beside each leaf
 * against its envelope. Believes the envelopes: their leaves were checked before.
 *
 * Bounds: memory for the envelopes of one round, or for all key records.
 */
export async function checkRounds(
  manager: EntityManager,
  coordinator: Uint8Array,
): Promise<{ readonly rounds: number; readonly finding: LogFinding | null }> {
  const groups = await manager
    .createQueryBuilder(LogEntryEntity, 'entry')
    .select('entry.round', 'round')
    .groupBy('entry.round')
    .orderBy('MIN(entry.index)')
    .getRawMany<{ round: string | null }>();
  let rounds = 0;
  // Key records first: what was taken out of its round is found among them.
  for (const { round } of groups.toSorted(
    (a, b) => Number(b.round === null) - Number(a.round === null),
  )) {
    const rows = await manager.find(LogEntryEntity, {
      where: { round: round ?? IsNull() },
      order: { index: 'ASC' },
    });
    const entries = await readAll(manager, rows);
    const finding =
      'code' in entries
        ? entries
        : round === null
          ? checkRoundless(rows, entries, coordinator)
          : await checkRound(manager, round, rows, entries, coordinator);
    if (finding !== null) return { rounds, finding };
    if (round !== null) rounds += 1;
  }
  return { rounds, finding: await checkForUnlogged(manager, groups) };
}

async function checkRound(
  manager: EntityManager,
  round: string,
  rows: readonly LogEntryEntity[],
  entries: readonly LoggedStatement[],
  coordinator: Uint8Array,
): Promise<LogFinding | null> {
  try {
    const projection = projectRound(entries, coordinator);
    const label = firstWrongLabel(rows, projection.labels);
    if (label !== null) return label;
    const stored = await manager.findOneBy(RoundEntity, { id: round });
    const seats = await manager.findBy(RoundBuilderEntity, { round });
    const difference =
      compareRound(projection, stored, seats) ??
      compareDecided(round, projection.decided, await storedDecided(manager, round));
    if (difference !== null) return { code: 'projection', ...difference };
    return await checkProposal(manager, RoundOpen.parse(projection.row.open).proposal);
  } catch (error) {
    if (!(error instanceof ImpossibleEntry)) throw error;
    const detail = `it stands in round ${round}, and cannot: ${error.message}`;
    return { code: 'round', where: `leaf ${error.index}`, detail };
  }
}

function checkRoundless(
  rows: readonly LogEntryEntity[],
  entries: readonly LoggedStatement[],
  coordinator: Uint8Array,
): LogFinding | null {
  const stray = entries.find(
    (entry) => !isKeyStatement(entry.statement) && !isOwnWord(entry, coordinator),
  );
  if (stray !== undefined) {
    const detail =
      'column "round" is null, and it is neither a key record nor a word of the log itself';
    return { code: 'label', where: `leaf ${stray.index}`, detail };
  }
  const context = { coordinator, builderOf: () => null };
  return firstWrongLabel(
    rows,
    entries.map((entry) => labelOf(entry, context)),
  );
}

/** Only the log's own key says which log went before, only at its beginning, and who had it do what. */
function isOwnWord(entry: LoggedStatement, coordinator: Uint8Array): boolean {
  const isOfItsKind = beginsLog(entry) || isAdminAct(entry);
  return isOfItsKind && Buffer.from(entry.publicKey).equals(coordinator);
}

function firstWrongLabel(
  rows: readonly LogEntryEntity[],
  labels: readonly Label[],
): LogFinding | null {
  for (const [at, row] of rows.entries()) {
    for (const column of ['kind', 'round', 'builder'] as const) {
      const said = labels[at]?.[column] ?? null;
      if (said === row[column]) continue;
      const detail = `column "${column}" is ${String(row[column])}, but its envelope says ${String(said)}`;
      return { code: 'label', where: `leaf ${row.index}`, detail };
    }
  }
  return null;
}

async function readAll(
  manager: EntityManager,
  rows: readonly LogEntryEntity[],
): Promise<readonly LoggedStatement[] | LogFinding> {
  const bodies = await bodiesOf(manager, rows);
  const read: LoggedStatement[] = [];
  for (const row of rows) {
    try {
      read.push(readLogged(row.index, row, bodies.get(row.envelopeSha256) ?? ''));
    } catch (cause) {
      const detail = cause instanceof Error ? cause.message : String(cause);
      return { code: 'envelope', where: `leaf ${row.index}`, detail };
    }
  }
  return read;
}

async function checkForUnlogged(
  manager: EntityManager,
  groups: readonly { readonly round: string | null }[],
): Promise<LogFinding | null> {
  const logged = new Set(groups.map(({ round }) => round));
  const stored = await manager.find(RoundEntity, { select: { id: true } });
  const seats = await manager
    .createQueryBuilder(RoundBuilderEntity, 'seat')
    .select('DISTINCT seat.round', 'id')
    .getRawMany<{ id: string }>();
  const listed = await manager.query<{ id: string }[]>(
    `SELECT "round" AS "id" FROM "round_summary" UNION SELECT "round" FROM "artifact_cluster"
     UNION SELECT "round" FROM "round_standing"`,
  );
  const stray = [...stored, ...seats, ...listed].find(({ id }) => !logged.has(id));
  if (stray === undefined) return null;
  const detail = 'it has rows, and the log knows nothing of it';
  return { code: 'projection', where: `round ${stray.id}`, detail };
}
