import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource, EntityManager } from 'typeorm';
import { AttestationError } from '#libs/attestation';
import { ConsensusError } from '#libs/consensus';
import { canonicalJson } from '#libs/encoding';
import { LinkEntity, lockLog, type RoundBuilderEntity } from '#libs/persistence';
import { noteBuildLogs } from '../build-logs/build-log-rows.js';
import { KeyBookService } from '../keys/key-book.service.js';
import { LogService, type VerifiedEnvelope } from '../log/log.service.js';
import { hastenInspections } from '../dispatch/round-asks.js';
import { readNamedSeats, saveSeats } from '../rounds/seat-rows.js';
import { VerifiedResultsService } from '../rounds/verified-results.service.js';
import { RoundStepsService } from '../verdicts/round-steps.service.js';
import type { CheckedEnvelope } from './incoming.js';
import { seatChange, type Seat } from './seat-change.js';

/** What became of one envelope. */
export type Outcome =
  | { readonly kind: 'logged' | 'repeated'; readonly index: number }
  | { readonly kind: 'refused'; readonly reason: string };

/** An envelope that is let into the log, and its builder's row as it is from then on. */
interface Admitted {
  readonly checked: CheckedEnvelope;
  readonly seat: RoundBuilderEntity;
  /** Its place among all entries that are appended: a result's reveal follows it. */
  readonly at: number;
}

/** What is known only once the admitted ones have their indices. */
type Pending = (indices: readonly number[]) => Outcome;

/** Writes verified envelopes into the log and into their rounds: all of a batch, or nothing of it. */
@Injectable()
export class BatchWriterService {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly log: LogService,
    private readonly keys: KeyBookService,
    private readonly steps: RoundStepsService,
    private readonly results: VerifiedResultsService,
  ) {}

  /**
   * Logs a batch in its order, in one transaction; each round moves on once. An envelope that its round
   * refuses is told so and leaves no trace.
   *
   * @throws for what is no envelope's own fault, and then nothing is written
   */
  async write(batch: readonly CheckedEnvelope[], now: Date): Promise<readonly Outcome[]> {
    return this.dataSource.transaction(async (manager) => {
      await lockLog(manager);
      const outcomes: Outcome[] = [];
      for (const part of partsOf(batch)) {
        outcomes.push(...(await this.writePart(manager, part, now)));
      }
      return outcomes;
    });
  }

  private async writePart(
    manager: EntityManager,
    part: readonly CheckedEnvelope[],
    now: Date,
  ): Promise<readonly Outcome[]> {
    const { pending, admitted } = await this.judge(manager, part, now);
    const indices = await this.log.appendAll(
      manager,
      admitted.flatMap(({ checked }) => entriesOf(checked)),
      now,
    );
    for (const { checked, seat, at } of admitted) {
      const index = indices[at] ?? 0;
      if (checked.incoming.kind === 'commit') seat.commitIndex = index;
      else if (checked.incoming.kind === 'decline') seat.declineIndex = index;
      else seat.resultIndex = index;
    }
    await saveSeats(manager, [...new Set(admitted.map(({ seat }) => seat))]);
    await saveLinks(
      manager,
      admitted.map(({ checked }) => checked),
    );
    await noteBuildLogs(
      manager,
      admitted.flatMap(({ checked: { incoming, round, builder } }) => {
        const sha256 = incoming.kind === 'result' ? incoming.result.logSha256 : null;
        return sha256 === null ? [] : [{ round, builder, sha256 }];
      }),
      now,
    );
    for (const { checked } of admitted) {
      const { incoming } = checked;
      if (incoming.kind === 'result') this.results.add(incoming, incoming.result);
    }
    await hastenInspections(
      manager,
      admitted.flatMap(({ checked }) => {
        return checked.incoming.kind === 'decline' ? [checked.round] : [];
      }),
      now,
    );
    await this.moveOn(manager, [...new Set(admitted.map(({ checked }) => checked.round))], now);
    return pending.map((outcomeOf) => outcomeOf(indices));
  }

  /** Decides in order what is let in; a builder's second envelope finds what its first one changed. */
  private async judge(
    manager: EntityManager,
    part: readonly CheckedEnvelope[],
    now: Date,
  ): Promise<{ pending: readonly Pending[]; admitted: readonly Admitted[] }> {
    const digests = part.map(({ incoming }) => incoming.sha256);
    const logged = await this.log.indicesOf(manager, digests);
    const seatOf = await loadSeats(manager, part);
    const requireActive = await this.keys.judge(manager, now);
    const admitted: Admitted[] = [];
    const places = new Map<string, number>();
    let next = 0;
    const pending = part.map((checked): Pending => {
      const { sha256 } = checked.incoming;
      const index = logged.get(sha256);
      if (index !== undefined) return () => ({ kind: 'repeated', index });
      const twin = places.get(sha256);
      if (twin !== undefined) return (indices) => ({ kind: 'repeated', index: indices[twin] ?? 0 });
      const at = next;
      const { row, seat } = seatOf(checked);
      try {
        const change = seatChange({ row, seat }, checked);
        // A result is what its commit has bound: a key that ended since takes nothing of it back.
        if (checked.incoming.kind !== 'result') {
          const { builder, open, incoming } = checked;
          requireActive({ builder, publicKey: incoming.publicKey, open }, at);
        }
        Object.assign(seat, change);
      } catch (error) {
        const isRefusal = error instanceof AttestationError || error instanceof ConsensusError;
        if (!isRefusal) throw error;
        return () => ({ kind: 'refused', reason: `${error.code}: ${error.message}` });
      }
      admitted.push({ checked, seat, at });
      places.set(sha256, at);
      next += entriesOf(checked).length;
      return (indices) => ({ kind: 'logged', index: indices[at] ?? 0 });
    });
    return { pending, admitted };
  }

  private async moveOn(
    manager: EntityManager,
    rounds: readonly string[],
    now: Date,
  ): Promise<void> {
    try {
      await this.steps.advance(manager, rounds, now);
    } catch (cause) {
      // What another builder's row holds is not this one's fault: its envelope is kept, not refused.
      throw new Error(`of ${rounds.length} rounds one cannot move on: ${String(cause)}`, { cause });
    }
  }
}

/** What of a builder's message is logged: the envelope, and its reveal at once after a result. */
function entriesOf({ incoming, round, builder }: CheckedEnvelope): readonly VerifiedEnvelope[] {
  const first = { ...incoming, label: { kind: incoming.kind, round, builder } };
  if (incoming.kind !== 'result' || incoming.reveal === null) return [first];
  return [first, { ...incoming.reveal, label: { kind: 'reveal', round, builder } }];
}

/**
 * Cuts a batch where a round's declines and commits turn into results, or into each other: between the
 * two it may have to be closed.
 */
function partsOf(batch: readonly CheckedEnvelope[]): readonly (readonly CheckedEnvelope[])[] {
  const parts: CheckedEnvelope[][] = [[]];
  let kinds = new Map<string, string>();
  for (const checked of batch) {
    const { round, incoming } = checked;
    if ((kinds.get(round) ?? incoming.kind) !== incoming.kind) {
      parts.push([]);
      kinds = new Map();
    }
    kinds.set(round, incoming.kind);
    parts.at(-1)?.push(checked);
  }
  return parts;
}

async function loadSeats(
  manager: EntityManager,
  part: readonly CheckedEnvelope[],
): Promise<(checked: CheckedEnvelope) => Seat> {
  const found = await manager.query<Seat['row'][]>(
    `SELECT "id", "phase", "close_index"::float8 AS "closeIndex" FROM "round" WHERE "id" = ANY($1)`,
    [[...new Set(part.map(({ round }) => round))]],
  );
  const rows = new Map(found.map((row) => [row.id, row]));
  const seats = new Map(
    (await readNamedSeats(manager, part)).map((seat) => [`${seat.round}/${seat.builder}`, seat]),
  );
  return ({ round, builder }) => {
    const [row, seat] = [rows.get(round), seats.get(`${round}/${builder}`)];
    if (row === undefined || seat === undefined) {
      throw new Error(`round ${round} has no row of builder ${builder}, which it invited`);
    }
    return { row, seat };
  };
}

/** Keeps the links that came with results; a builder has one result in a round, and so one link. */
async function saveLinks(
  manager: EntityManager,
  checked: readonly CheckedEnvelope[],
): Promise<void> {
  const links = checked.flatMap(({ incoming, round, builder }) => {
    const link = incoming.kind === 'result' ? incoming.link : null;
    return link === null ? [] : [{ round, builder, body: canonicalJson(link) }];
  });
  if (links.length > 0) await manager.insert(LinkEntity, links);
}
