import {
  Inject,
  Injectable,
  Logger,
  type OnApplicationShutdown,
  type OnModuleInit,
} from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { NatsConnection } from '@nats-io/transport-node';
import type { Counter, Histogram, Registry } from 'prom-client';
import type { DataSource } from 'typeorm';
import { Ticker, withLogFields } from '#libs/platform';
import { CoordinatorMeters } from '../metrics/coordinator-meters.js';
import { loadRounds } from '../rounds/round-store.js';
import { VerifiedResultsService } from '../rounds/verified-results.service.js';
import { NATS, REGISTRY } from '../tokens.js';
import { ArtifactAsker } from './artifact-asker.js';
import { AskingBudget } from './asking-budget.js';
import { compareSplits } from './compare-split.js';
import { earlierObservations } from './earlier-rounds.js';
import { experimentOutcomes } from './experiment-outcomes.js';
import { explainSplits, type ExplainedBefore } from './explain-split.js';
import {
  claimDue,
  endLook,
  keepExplanation,
  LookSuperseded,
  noteForgotten,
  readComparisons,
  type ClaimedRound,
} from './explanation-rows.js';
import type { KeptComparison } from './kept-comparison.js';
import { nextLook } from './retry-schedule.js';
import { roundSplits } from './round-splits.js';
import { separateSplits } from './separate-splits.js';

const POLL_MS = 1_000;
/** Rounds that one coordinator looks at together. */
const AT_ONCE = 4;
/** What one look may take; a builder that drips its answers takes no more than its share of it. */
const LOOK_MS = 5 * 60_000;
/** Longer than a look takes with all that is around it. */
const LEASE_MS = 2 * LOOK_MS;

/**
 * Explains decided rounds that split: at once by what is logged, then by the bytes that builders still
 * have. What is due is in the database, so that it survives a restart and is done by one coordinator.
 */
@Injectable()
export class ExplanationService implements OnModuleInit, OnApplicationShutdown {
  private readonly logger = new Logger(ExplanationService.name);
  private readonly stopping = new AbortController();
  private readonly questions: Counter<'kind' | 'outcome'>;
  private readonly explained: Counter<'conclusion'>;
  private readonly seconds: Histogram;
  private isFirst = true;
  private readonly ticker = new Ticker(() => this.look(), {
    everyMs: POLL_MS,
    onError: (error) => {
      this.logger.warn(`explanations wait: ${String(error)}`);
    },
  });

  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    @Inject(NATS) private readonly nats: NatsConnection,
    @Inject(REGISTRY) registry: Registry,
    private readonly verified: VerifiedResultsService,
  ) {
    const meters = new CoordinatorMeters(registry);
    this.questions = meters.counter('quorum_artifact_questions_total');
    this.explained = meters.counter('quorum_explanations_total');
    this.seconds = meters.histogram('quorum_explanation_seconds');
  }

  onModuleInit(): void {
    this.ticker.start();
  }

  async onApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    await this.ticker.stop();
  }

  private async look(): Promise<void> {
    const { manager } = this.dataSource;
    const now = new Date();
    if (this.isFirst) await noteForgotten(manager, now);
    this.isFirst = false;
    const leasedUntil = new Date(now.getTime() + LEASE_MS);
    const due = await claimDue(manager, { now, leasedUntil, limit: AT_ONCE });
    await Promise.all(
      due.map((claimed) => withLogFields({ round: claimed.round }, () => this.lookAt(claimed))),
    );
    // More may be due than was taken.
    if (due.length === AT_ONCE) void this.ticker.wake();
  }

  private async lookAt(claimed: ClaimedRound): Promise<void> {
    const end = this.seconds.startTimer();
    let next: Date | null = nextLook(claimed.attempts, new Date(), new Date());
    try {
      next = await this.explain(claimed);
    } catch (error) {
      if (error instanceof LookSuperseded) {
        this.logger.warn(`round ${claimed.round}: ${error.message}, and this one ends`);
        return;
      }
      if (this.stopping.signal.aborted) {
        next = new Date();
        return;
      }
      // One round that cannot be read must not hold up the others.
      this.logger.error(`round ${claimed.round} cannot be explained: ${String(error)}`);
    } finally {
      await endLook(this.dataSource.manager, claimed, next);
      end();
    }
  }

  /** Explains one round; gives the time of the next look, null when none is needed. */
  private async explain(claimed: ClaimedRound): Promise<Date | null> {
    const { round, attempts } = claimed;
    const { manager } = this.dataSource;
    const [loaded] = await loadRounds(manager, [round], this.verified);
    if (loaded === undefined) return null;
    const found = roundSplits(loaded);
    const kept = await readComparisons(manager, round);
    const earlier = await earlierObservations(manager, loaded, this.verified);
    const outcomes = await experimentOutcomes(manager, loaded, this.verified);
    const separated = await separateSplits(found.splits, earlier, this.stopping.signal);
    const before: ExplainedBefore = new Map();
    const keep = async (
      comparisons: readonly KeptComparison[],
      isComplete: boolean,
    ): Promise<void> => {
      const artifacts = explainSplits({ found, separated, comparisons, outcomes }, before);
      for (const { conclusion } of artifacts) this.explained.inc({ conclusion });
      await keepExplanation(manager, claimed, { artifacts, comparisons, isComplete }, new Date());
    };
    if (!kept.isTold) await keep(kept.comparisons, false);
    const { comparisons, mayLater } = await compareSplits(found.splits, kept.comparisons, {
      budget: new AskingBudget(this.stopping.signal, LOOK_MS),
      keep: (made) => keep(made, false),
      askerOf: (artifact, builder, budget) =>
        new ArtifactAsker(this.nats, { round, artifact, builder }, budget, (kind, outcome) => {
          this.questions.inc({ kind, outcome });
        }),
      onFailure: (error) => {
        this.logger.warn(`round ${round}: ${String(error)}`);
      },
    });
    const since = loaded.row.decidedAt ?? loaded.row.openedAt;
    const next = mayLater ? nextLook(attempts, since, new Date()) : null;
    await keep(comparisons, next === null);
    return next;
  }
}
