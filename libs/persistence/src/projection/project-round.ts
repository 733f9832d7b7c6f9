import {
  readCommit,
  readDecline,
  readRoundAmend,
  readRoundClose,
  readRoundOpen,
  rosterOf,
  Time,
  type RosterEntry,
  type RoundAmend,
  type RoundOpen,
} from '#libs/attestation';
import { advance } from '#libs/consensus';
import { fromBase64 } from '#libs/encoding';
import type { RoundBuilderEntity } from '../entities/round-builder.entity.js';
import type { RoundEntity } from '../entities/round.entity.js';
import { PersistenceError } from '../error.js';
import { decidedRound, type DecidedRound } from './decided-round.js';
import { labelOf, type Label } from './label.js';
import type { LoggedStatement } from './logged-statement.js';

/** What of a builder's row the log tells; the rest are heartbeats. */
export type SeatProjection = Omit<
  RoundBuilderEntity,
  'stage' | 'percent' | 'invitedAt' | 'lastSeenAt'
>;

/** The rows of one round, as its log entries make them. */
export interface RoundProjection {
  readonly row: RoundEntity;
  readonly seats: ReadonlyMap<string, SeatProjection>;
  /** When each builder was invited. Rows from before it was kept have none, so nothing is held against it. */
  readonly invitedAt: ReadonlyMap<string, Date>;
  /** What lists are read from; null without a verdict. */
  readonly decided: DecidedRound | null;
  /** Of each entry, in their order. */
  readonly labels: readonly Label[];
}

/** Kinds that are the coordinator's own word. */
const OWN = new Set<Label['kind']>(['round-open', 'round-amend', 'round-close', 'verdict']);

/** An entry that this round's log cannot hold, and where it stands. */
export class ImpossibleEntry extends PersistenceError {
  constructor(
    readonly index: number,
    message: string,
    options?: ErrorOptions,
  ) {
    super('LOG_CORRUPT', message, options);
  }
}

/**
 * Makes a round's rows from its entries alone, in the order of their log indices: the one description
 * of what the projection holds, against which a live one is checked and from which a lost one is
 * made again.
 *
 * @throws ImpossibleEntry where the log holds what the round's life forbids, or what another key
 *   signed than may say so
 */
export function projectRound(
  entries: readonly LoggedStatement[],
  coordinator: Uint8Array,
): RoundProjection {
  const [first, ...others] = entries;
  if (first === undefined) throw new PersistenceError('LOG_CORRUPT', 'a round without entries');
  const round = attempt(first, () => new RoundInMaking(first, coordinator));
  const labels = [round.opening, ...others.map((entry) => attempt(entry, () => round.take(entry)))];
  const { row, seats, invitedAt, decided } = round;
  return { row, seats, invitedAt, decided, labels };
}

class RoundInMaking {
  readonly row: RoundEntity;
  readonly seats = new Map<string, SeatProjection>();
  readonly invitedAt = new Map<string, Date>();
  readonly opening: Label;
  decided: DecidedRound | null = null;
  private readonly open: RoundOpen;
  private readonly amends: RoundAmend[] = [];
  private roster: readonly RosterEntry[];

  constructor(
    entry: LoggedStatement,
    private readonly coordinator: Uint8Array,
  ) {
    this.open = readRoundOpen(entry.statement);
    this.roster = this.open.roster;
    this.opening = this.labelled(entry);
    const { release, proposal, openedAt, closesAt } = this.open;
    this.row = {
      id: this.opening.round ?? '',
      ...{ release: release.name, proposalId: proposal?.id ?? null, open: this.open, roster: null },
      ...{ phase: 'open', openedAt: new Date(openedAt), dueAt: new Date(closesAt) },
      ...{ closedAt: null, closeReason: null, decidedAt: null },
      ...{ openIndex: entry.index, closeIndex: null, verdictIndex: null },
    };
    this.seat(this.open.roster, this.open.openedAt);
  }

  take(entry: LoggedStatement): Label {
    const label = this.labelled(entry);
    if (label.round !== this.row.id) throw wrong('it is of another round');
    this.apply(label, entry);
    return label;
  }

  private apply(label: Label, { index, statement, envelopeSha256, commitment }: LoggedStatement) {
    const { row } = this;
    switch (label.kind) {
      case 'round-amend': {
        this.advance('amend');
        const amend = readRoundAmend(statement);
        this.amends.push(amend);
        this.roster = rosterOf(this.open, this.amends);
        row.roster = [...this.roster];
        this.seat(amend.added, amend.amendedAt);
        return;
      }
      case 'decline': {
        const seat = this.seatOf(label);
        this.advance('decline');
        if (seat.commitment !== null) throw wrong(`builder ${seat.builder} had committed`);
        if (seat.declineIndex !== null) throw wrong(`builder ${seat.builder} declined twice`);
        seat.declineIndex = index;
        seat.declineReason = readDecline(statement).reason;
        return;
      }
      case 'commit': {
        const seat = this.seatOf(label);
        if (seat.commitment !== null) throw wrong(`builder ${seat.builder} committed twice`);
        seat.commitment = readCommit(statement).commitment;
        seat.commitIndex = index;
        seat.isLate = this.advance('commit').effect !== 'counts';
        return;
      }
      case 'round-close': {
        row.phase = this.advance('close').to;
        const { closedAt, reason } = readRoundClose(statement);
        row.closedAt = new Date(closedAt);
        row.closeReason = reason;
        row.closeIndex = index;
        row.dueAt = new Date(row.closedAt.getTime() + this.open.revealSeconds * 1000);
        return;
      }
      case 'result': {
        const seat = this.seatOf(label);
        const isOpening = seat.resultSha256 === null && seat.commitment === commitment;
        if (!isOpening) throw wrong(`builder ${seat.builder} had not committed to this`);
        seat.isCounted = this.advance('reveal').effect === 'counts' && !seat.isLate;
        seat.resultIndex = index;
        seat.resultSha256 = envelopeSha256;
        return;
      }
      case 'verdict': {
        row.phase = this.advance('verdict').to;
        row.decidedAt = new Date(Time.parse(statement.predicate['timeVerified']));
        row.verdictIndex = index;
        row.dueAt = null;
        this.decided = decidedRound({
          ...{ round: row.id, open: { ...this.open, roster: [...this.roster] } },
          ...{ verdictIndex: index, statement, seats: this.seats.values() },
        });
        return;
      }
      case 'countersignature':
      case 'refusal':
        if (row.verdictIndex === null) throw wrong('the verdict that is answered is not there yet');
        this.seatOf(label);
        return;
      case 'reveal':
        this.seatOf(label);
        return;
      case 'round-open':
      case 'key':
      case 'log-succession':
      case 'admin-act':
        throw wrong(`no ${label.kind} can stand here`);
    }
  }

  private advance(event: Parameters<typeof advance>[1]): ReturnType<typeof advance> {
    return advance(this.row.phase, event, this.open.blind);
  }

  /** What the entry says, signed by who may say so. */
  private labelled(entry: LoggedStatement): Label {
    const { coordinator } = this;
    const builderOf = (_: string, key: Uint8Array): string | null => this.holderOf(key);
    const label = labelOf(entry, { coordinator, builderOf });
    const signer = OWN.has(label.kind) ? coordinator : this.keyOf(label.builder);
    if (signer !== null && Buffer.from(signer).equals(entry.publicKey)) return label;
    throw wrong(`the key that signed it may say no ${label.kind} in this round`);
  }

  private holderOf(key: Uint8Array): string | null {
    return this.builders().find(({ raw }) => Buffer.from(raw).equals(key))?.builder ?? null;
  }

  private keyOf(builder: string | null): Uint8Array | null {
    return this.builders().find((seat) => seat.builder === builder)?.raw ?? null;
  }

  private builders(): readonly { readonly builder: string; readonly raw: Uint8Array }[] {
    return this.roster
      .flatMap(({ builders }) => builders)
      .map(({ builder, publicKey }) => ({ builder, raw: fromBase64(publicKey) }));
  }

  private seatOf({ builder }: Label): SeatProjection {
    const seat = this.seats.get(builder ?? '');
    if (seat === undefined) throw wrong('its builder was not invited');
    return seat;
  }

  private seat(roster: readonly RosterEntry[], at: string): void {
    for (const { operator, builders } of roster) {
      for (const { builder } of builders) {
        this.invitedAt.set(builder, new Date(at));
        this.seats.set(builder, {
          ...{ round: this.row.id, builder, operator },
          ...{ declineIndex: null, declineReason: null },
          ...{ commitment: null, commitIndex: null, isLate: false },
          ...{ resultIndex: null, resultSha256: null, isCounted: false },
        });
      }
    }
  }
}

function wrong(message: string): PersistenceError {
  return new PersistenceError('LOG_CORRUPT', message);
}

/** What any reader or rule refuses is one and the same here: an entry that should not be there. */
function attempt<T>({ index }: LoggedStatement, work: () => T): T {
  try {
    return work();
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new ImpossibleEntry(index, message, { cause });
  }
}
