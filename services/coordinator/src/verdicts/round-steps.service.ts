import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { isReadyToClose, isReadyToDecide } from '#libs/consensus';
import { awaitingInspection, hastenInspections } from '../dispatch/round-asks.js';
import { invitedBuilders, loadRounds, type LoadedRound } from '../rounds/round-store.js';
import { VerifiedResultsService } from '../rounds/verified-results.service.js';
import { movableRounds } from './movable-rounds.js';
import { RoundCloseService } from './round-close.service.js';
import { VerdictService } from './verdict.service.js';

/** The coordinator's own moves in rounds: the close, and the verdict. */
@Injectable()
export class RoundStepsService {
  constructor(
    private readonly closing: RoundCloseService,
    private readonly verdicts: VerdictService,
    private readonly results: VerifiedResultsService,
  ) {}

  /**
   * Makes every move of some rounds that is due, in the caller's transaction and under the log's lock.
   * Called after entries were logged and at deadlines; two coordinators that both call it make each
   * move once.
   */
  async advance(manager: EntityManager, rounds: readonly string[], now: Date): Promise<void> {
    const movable = await movableRounds(manager, rounds, now);
    if (movable.length === 0) return;
    const loaded = await loadRounds(manager, movable, this.results);
    const open = loaded.filter(({ state }) => state.phase === 'open');
    const complete = await withoutAwaiting(manager, open.filter(isComplete), now);
    const overdue = open.filter((round) => !complete.includes(round) && isDue(round, now));
    const [accounted, committed] = partition(complete, ({ state }) => state.declined.size > 0);
    const closed = [
      ...(await this.closing.close(manager, committed, 'all-committed', now)),
      ...(await this.closing.close(manager, accounted, 'all-accounted', now)),
      ...(await this.closing.close(manager, overdue, 'deadline', now)),
    ];
    // The deadline that closed a round is not the one for reveals.
    const revealing = loaded.filter(({ state }) => state.phase === 'revealing');
    const ready = revealing.filter((round) => isDue(round, now) || isReadyToDecide(round.state));
    const decided = [...ready, ...closed.filter(({ state }) => isReadyToDecide(state))];
    await this.verdicts.decide(manager, decided, now);
  }
}

/**
 * Leaves out the rounds in which somebody declined and another may yet come in his stead: that is found
 * out next, since it may have been put off for as long as others built, and the deadline closes them in
 * any case.
 */
async function withoutAwaiting(
  manager: EntityManager,
  rounds: readonly LoadedRound[],
  now: Date,
): Promise<readonly LoadedRound[]> {
  const declined = rounds.filter(({ state }) => state.declined.size > 0);
  const awaiting = await awaitingInspection(
    manager,
    declined.map(({ row }) => row.id),
  );
  await hastenInspections(manager, [...awaiting], now);
  return rounds.filter(({ row }) => !awaiting.has(row.id));
}

function partition<T>(
  values: readonly T[],
  is: (value: T) => boolean,
): readonly [readonly T[], readonly T[]] {
  return [values.filter((value) => is(value)), values.filter((value) => !is(value))];
}

function isComplete({ state, open }: LoadedRound): boolean {
  return isReadyToClose(state, invitedBuilders(open));
}

function isDue({ row: { dueAt } }: LoadedRound, now: Date): boolean {
  return dueAt !== null && dueAt <= now;
}
