import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { z } from 'zod';
import { roundCloseStatement, type Actor, type CloseReason } from '#libs/attestation';
import { advance } from '#libs/consensus';
import { SUBJECTS, type RoundClosed } from '#libs/contracts';
import { OutboxService } from '../dispatch/outbox.service.js';
import { LogService } from '../log/log.service.js';
import type { LoadedRound } from '../rounds/round-store.js';
import { toInvited } from './to-invited.js';

/** Closes rounds: from there on builders may show their results. */
@Injectable()
export class RoundCloseService {
  constructor(
    private readonly log: LogService,
    private readonly outbox: OutboxService,
  ) {}

  /**
   * Logs a RoundClose for each round and tells every invited builder. Gives the rounds as they are
   * from then on.
   *
   * @throws ConsensusError FORBIDDEN_TRANSITION when one is closed already
   */
  async close(
    manager: EntityManager,
    rounds: readonly LoadedRound[],
    reason: z.infer<typeof CloseReason>,
    now: Date,
    by?: Actor,
  ): Promise<readonly LoadedRound[]> {
    if (rounds.length === 0) return [];
    const entries = await this.log.appendAllOwn(
      manager,
      rounds.map((loaded) => ({
        ...{ loaded, phase: advance(loaded.state.phase, 'close').to },
        statement: roundCloseStatement({
          round: loaded.row.id,
          closedAt: now.toISOString(),
          reason,
          ...(by !== undefined && { by }),
        }),
        label: { kind: 'round-close', round: loaded.row.id, builder: null } as const,
      })),
      now,
    );
    const closed = entries.map(({ loaded, phase, index: closeIndex }): LoadedRound => {
      const { row, open, state } = loaded;
      const dueAt = new Date(now.getTime() + open.revealSeconds * 1000);
      const changes = { phase, closeIndex, dueAt, closedAt: now, closeReason: reason };
      return { ...loaded, row: Object.assign({}, row, changes), state: { ...state, phase } };
    });
    await save(manager, closed, now, reason);
    const messages = entries.flatMap(({ loaded: { row, open }, envelope }) => {
      const body: RoundClosed = { round: row.id, roundClose: envelope };
      return toInvited(open, { kind: SUBJECTS.roundClosed, round: row.id, body });
    });
    await this.outbox.enqueueAll(manager, messages, now);
    return closed;
  }
}

async function save(
  manager: EntityManager,
  closed: readonly LoadedRound[],
  now: Date,
  reason: string,
): Promise<void> {
  await manager.query(
    `UPDATE "round" AS row SET "phase" = now."phase", "close_index" = now."close_index",
       "due_at" = now."due_at", "closed_at" = $1, "close_reason" = $2
     FROM unnest($3::text[], $4::text[], $5::bigint[], $6::timestamptz[])
       AS now("id", "phase", "close_index", "due_at")
     WHERE row."id" = now."id"`,
    [
      ...[now, reason],
      closed.map(({ row }) => row.id),
      closed.map(({ row }) => row.phase),
      closed.map(({ row }) => row.closeIndex),
      closed.map(({ row }) => row.dueAt),
    ],
  );
}
