import type { EntityManager } from 'typeorm';
import {
  readRoundAmend,
  readRoundOpen,
  readVerdict,
  roundIdOf,
  statementKind,
  type RosterEntry,
} from '#libs/attestation';
import { fromBase64 } from '#libs/encoding';
import { LogEntryEntity } from '../entities/log-entry.entity.js';
import { RoundBuilderEntity } from '../entities/round-builder.entity.js';
import { RoundEntity } from '../entities/round.entity.js';
import { forgetDecided, saveDecided } from './decided-rows.js';
import type { LabelContext } from './label.js';
import { bodiesOf, readLogged, type LoggedStatement } from './logged-statement.js';
import { projectRound, type RoundProjection } from './project-round.js';

/** Reads what is logged of a round, in the order of the log. */
export async function loggedOf(
  manager: EntityManager,
  round: string,
): Promise<readonly LoggedStatement[]> {
  const rows = await manager.find(LogEntryEntity, { where: { round }, order: { index: 'ASC' } });
  const bodies = await bodiesOf(manager, rows);
  return rows.map((row) => readLogged(row.index, row, bodies.get(row.envelopeSha256) ?? ''));
}

/**
 * Makes a round's rows from its log entries, whatever they were; heartbeats stay.
 *
 * @throws PersistenceError LOG_CORRUPT where the entries are no life of a round
 */
export async function rebuildRound(
  manager: EntityManager,
  round: string,
  coordinator: Uint8Array,
): Promise<RoundProjection> {
  const projection = projectRound(await loggedOf(manager, round), coordinator);
  const { row, seats, invitedAt, decided } = projection;
  await manager.upsert(RoundEntity, row, ['id']);
  const rows = [...seats.values()].map((seat) => ({
    ...seat,
    invitedAt: invitedAt.get(seat.builder) ?? null,
  }));
  await manager.upsert(RoundBuilderEntity, rows, ['round', 'builder']);
  await forgetDecided(manager, [round]);
  if (decided !== null) await saveDecided(manager, [decided]);
  return projection;
}

/** Whose keys stand on which round's roster, learnt entry by entry as the log is gone through. */
export class RosterBook {
  private readonly rosters = new Map<string, readonly RosterEntry[]>();

  constructor(
    private readonly manager: EntityManager,
    private readonly coordinator: Uint8Array,
  ) {}

  /** Takes in what an entry says of a roster, and gives what is needed to label it. */
  async learn(logged: LoggedStatement): Promise<LabelContext> {
    const { statement, payload } = logged;
    const kind = statementKind(statement);
    if (kind === 'round-open') {
      this.rosters.set(roundIdOf(payload), readRoundOpen(statement).roster);
    } else if (kind === 'round-amend') {
      const { round, added } = readRoundAmend(statement);
      this.rosters.set(round, [...(await this.rosterOf(round)), ...added]);
    } else if (kind === 'verdict') {
      const { round } = readVerdict(statement);
      this.rosters.set(round, await this.rosterOf(round));
    }
    return { coordinator: this.coordinator, builderOf: (round, key) => this.builderOf(round, key) };
  }

  private builderOf(round: string, key: Uint8Array): string | null {
    const seats = this.rosters.get(round)?.flatMap(({ builders }) => builders) ?? [];
    const found = seats.find(({ publicKey }) => Buffer.from(fromBase64(publicKey)).equals(key));
    return found?.builder ?? null;
  }

  /** Of a round that was opened before the entries that are gone through. */
  private async rosterOf(round: string): Promise<readonly RosterEntry[]> {
    const held = this.rosters.get(round);
    if (held !== undefined) return held;
    const logged = await loggedOf(this.manager, round);
    return logged.flatMap(({ statement }) => {
      if (statementKind(statement) === 'round-open') {
        return readRoundOpen(statement).roster;
      }
      const isAmend = statementKind(statement) === 'round-amend';
      return isAmend ? readRoundAmend(statement).added : [];
    });
  }
}
