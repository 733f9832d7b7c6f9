import { Inject, Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource, EntityManager } from 'typeorm';
import { ConsensusError } from '#libs/consensus';
import { lockLog } from '#libs/persistence';
import { ProblemError } from '#libs/platform';
import { choose } from '#libs/selection';
import { RegistryService } from '../builders/registry.service.js';
import { RosterService } from '../builders/roster.service.js';
import type { Config } from '../config.js';
import { LeasedWork } from '../leases/leased-work.js';
import { LeasesService } from '../leases/leases.service.js';
import { LogService } from '../log/log.service.js';
import { RoundAmenderService } from '../rounds/round-amender.service.js';
import { invitedBuilders, loadRound, type LoadedRound } from '../rounds/round-store.js';
import { CONFIG } from '../tokens.js';
import { RoundStepsService } from '../verdicts/round-steps.service.js';
import { CandidatesService } from './candidates.service.js';
import {
  heardOf,
  missingBuilders,
  vanishesAt,
  type Missing,
  type Silence,
} from './missing-builders.js';
import { OutboxService } from './outbox.service.js';
import { MAX_REPLACEMENTS, noteReplacements, unreplaced, type Attempt } from './replace-missing.js';
import { dueAsks, findAsk, keepInspection, type RoundAsk } from './round-asks.js';

const POLL_MS = 1_000;
const LEASE_MS = 10_000;
/** Until it is looked again whether somebody is there for those whom nobody replaced. */
const RETRY_MS = 60_000;

/**
 * Looks after rounds that asked for kinds of builders: for those that decline or vanish it invites
 * others, as a RoundAmend that everybody sees. It never takes anybody away, and the threshold stays
 * one of all who were ever invited, so whoever comes back counts.
 */
@Injectable()
export class ReplacementService extends LeasedWork {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    @Inject(CONFIG) private readonly config: Config,
    private readonly roster: RosterService,
    private readonly registry: RegistryService,
    private readonly candidates: CandidatesService,
    private readonly amender: RoundAmenderService,
    private readonly steps: RoundStepsService,
    private readonly log: LogService,
    private readonly outbox: OutboxService,
    leases: LeasesService,
  ) {
    const failure = 'replacements wait';
    super(leases, { lease: 'replacements', everyMs: POLL_MS, leaseMs: LEASE_MS, failure });
  }

  protected override async work(): Promise<void> {
    const due = await dueAsks(this.dataSource.manager, new Date());
    for (const round of due) {
      try {
        await this.dataSource.transaction(async (manager) => {
          await lockLog(manager);
          await this.inspect(manager, round, new Date());
        });
      } catch (error) {
        // One round that cannot be read must not hold up the others, nor fill the journal.
        this.logger.error(`builders of round ${round} cannot be looked after: ${String(error)}`);
        await this.postpone(round);
      }
    }
    if (due.length === 0) return;
    await this.log.publish();
    await this.outbox.flush();
  }

  /** Under the log's lock: of two that look at the same time, the second finds the work done. */
  private async inspect(manager: EntityManager, round: string, now: Date): Promise<void> {
    const asked = await findAsk(manager, round);
    if (asked?.dueAt == null || asked.dueAt > now) return;
    const loaded = await loadRound(manager, round);
    const { replacements } = asked;
    if (loaded?.state.phase !== 'open') {
      await keepInspection(manager, round, { replacements, dueAt: null });
      return;
    }
    const silence = await this.silenceOf(manager, loaded, now);
    const missing = missingBuilders(loaded.builders, silence);
    const wanted = unreplaced(missing, replacements);
    const attempt =
      wanted.length === 0 ? null : await this.replace(manager, loaded, asked, missing);
    const noted =
      attempt === null ? replacements : noteReplacements(replacements, wanted, attempt, now);
    const hasCome = attempt?.kind === 'chosen' && attempt.taken.length > 0;
    const dueAt = hasCome
      ? new Date(now.getTime() + silence.vanishedMs)
      : nextLook(loaded, silence, unreplaced(missing, noted).length > 0);
    await keepInspection(manager, round, { replacements: noted, dueAt });
    await this.steps.advance(manager, [round], now);
  }

  /** Invites whom the ask still wants, beside all who are invited and not missing. */
  private async replace(
    manager: EntityManager,
    loaded: LoadedRound,
    { ask, replacements }: RoundAsk,
    missing: readonly Missing[],
  ): Promise<Attempt> {
    const added = replacements.reduce((count, { by }) => count + by.length, 0);
    if (added >= MAX_REPLACEMENTS) {
      return { kind: 'refused', reason: `${added} were added by now, and no more are` };
    }
    const now = new Date();
    const { open } = loaded;
    const gone = new Set(missing.map(({ builder }) => builder));
    const invited = new Set(invitedBuilders(open));
    const everybody = await this.candidates.of(manager, await this.roster.invitable(manager), now);
    const kept = await this.candidates.of(manager, open.roster, now);
    const choice = choose(
      everybody.filter(({ builder }) => !invited.has(builder)),
      ask,
      {
        ...{ seed: open.nonce, at: now.getTime(), until: Date.parse(open.closesAt) },
        kept: kept.filter(({ builder }) => !gone.has(builder)),
        asFarAsPossible: true,
      },
    );
    if (choice.kind !== 'chosen' || choice.taken.length === 0) return choice;
    const builders = choice.taken.map(({ builder }) => builder).slice(0, MAX_REPLACEMENTS - added);
    try {
      await this.amender.add(manager, loaded, await this.roster.invite(builders, manager), now);
    } catch (error) {
      // Refused before anything was written, such as where a fixed threshold would be no majority.
      if (!(error instanceof ConsensusError || error instanceof ProblemError)) throw error;
      return { kind: 'refused', reason: error.message };
    }
    return { ...choice, taken: choice.taken.slice(0, builders.length) };
  }

  private async silenceOf(
    manager: EntityManager,
    { row, open, builders }: LoadedRound,
    now: Date,
  ): Promise<Silence> {
    const views = await this.registry.findAll(
      builders.map(({ builder }) => builder),
      manager,
    );
    return {
      ...{ now: now.getTime(), openedAt: row.openedAt.getTime(), heard: heardOf(views, open) },
      vanishedMs: this.config.VANISHED_SECONDS * 1000,
    };
  }

  private async postpone(round: string): Promise<void> {
    const dueAt = new Date(Date.now() + RETRY_MS);
    await this.dataSource.manager.query(
      'UPDATE "round_ask" SET "due_at" = $2 WHERE "round" = $1 AND "due_at" IS NOT NULL',
      [round, dueAt],
    );
  }
}

/** When somebody may next be found missing; null where nobody is waited for any more. */
function nextLook({ builders }: LoadedRound, silence: Silence, isWanting: boolean): Date | null {
  const times = builders.flatMap((seat) => vanishesAt(seat, silence) ?? []);
  if (times.length === 0) return null;
  const ahead = times.filter((time) => time > silence.now);
  const next = Math.min(...ahead, silence.now + silence.vanishedMs);
  return new Date(isWanting ? Math.min(next, silence.now + RETRY_MS) : next);
}
