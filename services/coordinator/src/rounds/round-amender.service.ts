import { HttpStatus, Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { In, type DataSource, type EntityManager } from 'typeorm';
import { z } from 'zod';
import {
  amendRoster,
  AttestationError,
  givesVerdict,
  parseEnvelope,
  roundAmendStatement,
  RoundOpen,
  type Envelope,
  type RosterEntry,
} from '#libs/attestation';
import { advance, parseThreshold, votesNeeded } from '#libs/consensus';
import { SUBJECTS } from '#libs/contracts';
import {
  EnvelopeEntity,
  lockLog,
  LogEntryEntity,
  RoundBuilderEntity,
  RoundEntity,
} from '#libs/persistence';
import { ProblemError } from '#libs/platform';
import { AdminActs } from '../access/admin-acts.service.js';
import { RosterService } from '../builders/roster.service.js';
import { OutboxService } from '../dispatch/outbox.service.js';
import { urgencyOf } from '../dispatch/urgency.js';
import { LogService } from '../log/log.service.js';
import { noSuchRound } from './round-problems.js';
import { requireRoom } from './round-room.js';
import { invitedBuilders, loadRound, type LoadedRound } from './round-store.js';

/** What one dispatch can carry. */
const MAX_AMENDS = 64;

/** Invites more builders to an open round: somebody's machine broke, and another takes its place. */
@Injectable()
export class RoundAmenderService {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly roster: RosterService,
    private readonly log: LogService,
    private readonly outbox: OutboxService,
    private readonly acts: AdminActs,
  ) {}

  /**
   * Logs a RoundAmend and dispatches the round to whom it adds. Nobody is ever taken away, and the
   * threshold is taken of all who were ever invited, so builders cannot be exchanged until the
   * verdict pleases.
   *
   * @throws ProblemError no-such-round, not-amendable, unknown-builder, already-invited,
   *   roster-unusable, roster-changed, too-many-amendments, round-too-large;
   *   ConsensusError FORBIDDEN_TRANSITION once it is closed, THRESHOLD_TOO_LOW where a count would no
   *   longer be more than half
   */
  async amend(round: string, builders: readonly string[]): Promise<void> {
    const added = await this.roster.invite(builders);
    await this.dataSource.transaction(async (manager) => {
      await lockLog(manager);
      const loaded = await loadRound(manager, round);
      if (loaded === null) {
        throw noSuchRound(round);
      }
      await this.roster.requireCurrent(manager, builders, added);
      await this.add(manager, loaded, added, new Date());
    });
    await this.log.publish();
    await this.outbox.flush();
  }

  /**
   * Does the same in the caller's transaction, under the log's lock, with builders as
   * {@link RosterService.invite} gives them there. What it refuses it refuses before it writes.
   *
   * @throws what {@link amend} throws of a round that is known
   */
  async add(
    manager: EntityManager,
    { row, open, state }: LoadedRound,
    added: readonly RosterEntry[],
    now: Date,
  ): Promise<void> {
    advance(state.phase, 'amend');
    if (!givesVerdict(open)) {
      throw new ProblemError(
        HttpStatus.UNPROCESSABLE_ENTITY,
        'not-amendable',
        `round ${row.id} is one builder's alone, and gives no verdict: open another one`,
      );
    }
    const held = new Set(invitedBuilders(open));
    const news = added.flatMap(({ builders }) => builders.map(({ builder }) => builder));
    const twice = news.find((builder) => held.has(builder));
    if (twice !== undefined) {
      throw new ProblemError(
        HttpStatus.CONFLICT,
        'already-invited',
        `builder ${twice} is in the round already: name only those that are to be added`,
      );
    }
    const roster = amended(open, added);
    votesNeeded(parseThreshold(open.threshold), roster.length);
    const earlier = await amendsOf(manager, row.id);
    if (earlier.length >= MAX_AMENDS) {
      throw new ProblemError(
        HttpStatus.CONFLICT,
        'too-many-amendments',
        `round ${row.id} was amended ${MAX_AMENDS} times: open another one`,
      );
    }
    const statement = roundAmendStatement({
      round: row.id,
      amendedAt: now.toISOString(),
      added: [...added],
      by: this.acts.actor(),
    });
    await this.acts.catchUp(manager);
    const roundOpen = await bodyAt(manager, row.openIndex);
    const invitation = { roundOpen, amends: [...earlier, this.log.sign(statement)] };
    const { LOG_ORIGIN: origin } = this.log.config;
    requireRoom({ release: open.release, roster: [...roster] }, invitation, origin);
    const label = { kind: 'round-amend', round: row.id, builder: null } as const;
    const { envelope } = await this.log.appendOwn(manager, statement, label, now);
    await manager.update(RoundEntity, { id: row.id }, { roster: [...roster] });
    for (const { operator, builders } of added) {
      await manager.insert(
        RoundBuilderEntity,
        builders.map(({ builder }) => ({ round: row.id, builder, operator, invitedAt: now })),
      );
    }
    const urgency = await urgencyOf(manager, open);
    const body = { roundOpen, amends: [...earlier, envelope], urgency };
    const message = { kind: SUBJECTS.buildRequested, body, round: row.id };
    await this.outbox.enqueueAll(
      manager,
      news.map((builder) => ({ ...message, builder })),
      now,
    );
  }
}

/** The round's roster with what is added, if a round can have such a one. */
function amended(open: RoundOpen, added: readonly RosterEntry[]): readonly RosterEntry[] {
  try {
    return RoundOpen.parse({ ...open, roster: amendRoster(open.roster, added) }).roster;
  } catch (cause) {
    if (!(cause instanceof AttestationError || cause instanceof z.ZodError)) throw cause;
    const reason = cause instanceof z.ZodError ? z.prettifyError(cause) : cause.message;
    throw new ProblemError(
      HttpStatus.UNPROCESSABLE_ENTITY,
      'roster-unusable',
      `these builders cannot be added: ${reason}`,
      { cause },
    );
  }
}

/** Everything that was added to a round before, in the order of the log. */
async function amendsOf(manager: EntityManager, round: string): Promise<readonly Envelope[]> {
  const entries = await manager.find(LogEntryEntity, {
    where: { round, kind: 'round-amend' },
    order: { index: 'ASC' },
  });
  const names = entries.map(({ envelopeSha256 }) => envelopeSha256);
  const rows = await manager.findBy(EnvelopeEntity, { sha256: In(names) });
  const bodies = new Map(rows.map(({ sha256, body }) => [sha256, body]));
  return names.map((name) => parseEnvelope(bodies.get(name) ?? ''));
}

async function bodyAt(manager: EntityManager, index: number): Promise<Envelope> {
  const { envelopeSha256 } = await manager.findOneByOrFail(LogEntryEntity, { index });
  const { body } = await manager.findOneByOrFail(EnvelopeEntity, { sha256: envelopeSha256 });
  return parseEnvelope(body);
}
