import {
  Inject,
  Injectable,
  Logger,
  type OnApplicationShutdown,
  type OnModuleInit,
} from '@nestjs/common';
import type { NatsConnection } from '@nats-io/transport-node';
import {
  commitmentOf,
  revealStatement,
  signStatement,
  type Envelope,
  type Signer,
} from '#libs/attestation';
import type { CloseEvidence } from '#libs/contracts';
import { Ticker } from '#libs/platform';
import type { Coordinator } from '../jobs/coordinator-identity.js';
import { canSignFor, keyInRound } from '../jobs/invited-key.js';
import { nextStep, type Grounds, type Job, type Sealed } from '../jobs/job.js';
import { entryOf } from '../jobs/log-entry.js';
import { JobStoreService } from '../jobs/job-store.service.js';
import { ProgressService } from '../jobs/progress.service.js';
import { COORDINATOR, NATS, SIGNER } from '../tokens.js';
import { keepContradiction } from '../witness/contradiction.js';
import { LogStateService, type SeenCheckpoint } from '../witness/log-state.service.js';
import { judgeEvidence, type EvidenceJudgement } from './close-evidence.js';
import { EvidenceService } from './evidence.service.js';
import { onReconnect } from './on-reconnect.js';
import { decideReveal, hasPassed } from './reveal-gate.js';
import { SubmitService } from './submit.service.js';

const TICK_MS = 1_000;
const FIRST_PAUSE_MS = 1_000;
const LAST_PAUSE_MS = 30_000;

/** A job that is ready to show its result but for the log's word. */
interface Waiting extends Job {
  readonly sealed: Sealed;
  readonly roundClose: Envelope;
}

/** What was made of one answer. */
interface Judged {
  readonly judgement: EvidenceJudgement;
  readonly seen: SeenCheckpoint | null;
}

/**
 * Decides, round by round, that a result may be shown: only once this agent has itself seen commit
 * and close in a log that contradicts nothing it saw before.
 */
@Injectable()
export class RevealService implements OnModuleInit, OnApplicationShutdown {
  private readonly logger = new Logger(RevealService.name);
  /** When, and after what pause, evidence of a round is asked for again. */
  private readonly pauses = new Map<string, { atMs: number; pauseMs: number }>();
  /** Rounds of which was told that their time for results is over. */
  private readonly overdue = new Set<string>();
  private readonly ticker = new Ticker(() => this.lookThrough(), {
    everyMs: TICK_MS,
    onError: (error) => {
      this.logger.error(`no result can be shown: ${String(error)}`);
    },
  });

  constructor(
    @Inject(SIGNER) private readonly signer: Signer,
    @Inject(COORDINATOR) private readonly coordinator: Coordinator,
    @Inject(NATS) private readonly nats: NatsConnection,
    private readonly jobs: JobStoreService,
    private readonly state: LogStateService,
    private readonly evidence: EvidenceService,
    private readonly submit: SubmitService,
    private readonly progress: ProgressService,
  ) {}

  onModuleInit(): void {
    this.ticker.start();
    void onReconnect(this.nats, () => {
      this.hurry();
    });
  }

  onApplicationShutdown(): Promise<void> {
    return this.ticker.stop();
  }

  /** The time for results runs on: nothing waits out a pause that was meant for a coordinator out of reach. */
  private hurry(): void {
    for (const pause of this.pauses.values()) pause.atMs = performance.now();
    this.wake();
  }

  /** Looks for a result that can be shown, now. */
  wake(): void {
    void this.ticker.wake();
  }

  private async lookThrough(): Promise<void> {
    for (const job of await this.jobs.pending()) {
      if (nextStep(job) === 'await-witnesses' && isWaiting(job) && this.isDue(job.round)) {
        await this.look(job);
      }
    }
  }

  private isDue(round: string): boolean {
    const nowMs = performance.now();
    const { atMs, pauseMs } = this.pauses.get(round) ?? { atMs: 0, pauseMs: FIRST_PAUSE_MS / 2 };
    if (nowMs < atMs) return false;
    const next = Math.min(pauseMs * 2, LAST_PAUSE_MS);
    this.pauses.set(round, { atMs: nowMs + next, pauseMs: next });
    return true;
  }

  private async look(job: Waiting): Promise<void> {
    const now = new Date();
    if (job.closeKeptAt === null) await this.jobs.markCloseKept(job.round, now);
    const size = await this.state.update((seen) => ({
      ...{ keep: null, answer: seen?.checkpoint.size ?? 0n },
    }));
    const evidence = await this.evidence.ask(job.round, Number(size));
    const { judgement, seen } = await this.judge(job, evidence, size);
    const times = { closeKeptAt: job.closeKeptAt ?? now, now };
    const { coordinator } = this;
    const decision = decideReveal({ open: job.open, coordinator, judgement, evidence, ...times });
    const round = `round ${job.round.slice(0, 12)}`;
    switch (decision.kind) {
      case 'show':
        await this.show(job, decision.grounds, canReveal(judgement) ? evidence : null);
        return;
      case 'wait':
        this.logger.debug(`${round}: not shown yet: ${decision.reason}`);
        if (hasPassed(times, job.open.revealSeconds)) this.tellOverdue(job, decision.reason);
        return;
      case 'withhold':
        if (evidence !== null) await this.keepEvidence(job, evidence, seen);
        this.logger.error(`${round}: the result is withheld: ${decision.reason}`);
        this.progress.report(job.round, 'withheld');
    }
  }

  /** Says once that a result missed its round. It is asked for on: what is shown late is logged still. */
  private tellOverdue({ round, open }: Job, reason: string): void {
    if (this.overdue.has(round)) return;
    this.overdue.add(round);
    this.progress.report(round, 'withheld');
    const time = `within ${open.revealSeconds} s of the close, the round's time for results`;
    this.logger.warn(
      `round ${round.slice(0, 12)}: the result was not shown ${time}: ${reason}; the coordinator has to answer what this agent asks it by NATS or COORDINATOR_URL, and is asked again`,
    );
  }

  /** What is verified becomes what was seen, before anything is said on its grounds. */
  private async judge(
    job: Waiting,
    evidence: CloseEvidence | null,
    askedSize: bigint,
  ): Promise<Judged> {
    if (evidence === null) return { judgement: unusable('there is no evidence yet'), seen: null };
    const [commitEntry, closeEntry] = [
      entryOf(job.sealed.commit, keyInRound(job.open, this.signer)),
      entryOf(job.roundClose, this.coordinator.publicKey),
    ];
    return this.state.update((seen): { keep: string | null; answer: Judged } => {
      const before = seen?.checkpoint ?? null;
      if ((before?.size ?? 0n) !== askedSize) {
        return { keep: null, answer: { judgement: unusable('more was seen meanwhile'), seen } };
      }
      const judgement = judgeEvidence({
        ...{ evidence, coordinator: this.coordinator, seen: before, commitEntry, closeEntry },
      });
      const hasGrown = judgement.kind === 'verified' && judgement.checkpoint.size > askedSize;
      return { keep: hasGrown ? evidence.checkpoint : null, answer: { judgement, seen } };
    });
  }

  private async show(
    job: Waiting,
    grounds: Grounds,
    evidence: CloseEvidence | null,
  ): Promise<void> {
    const { round, sealed } = job;
    // After a rotation the result is as good as it was; what the new key says of it is not taken.
    const isSigned = evidence !== null && canSignFor(job.open, this.signer);
    const reveal = isSigned ? this.sign(round, sealed, evidence) : null;
    await this.jobs.show(round, { grounds, reveal });
    this.pauses.delete(round);
    this.overdue.delete(round);
    this.logger.log(`round ${round.slice(0, 12)}: the result is shown, ${grounds}`);
    this.submit.wake();
  }

  private sign(round: string, { result }: Sealed, evidence: CloseEvidence): Envelope {
    const { checkpoint, commitIndex, closeIndex } = evidence;
    const commitment = commitmentOf(result);
    const builder = this.signer.id;
    return signStatement(
      revealStatement({ round, builder, commitment, commitIndex, closeIndex, checkpoint }),
      this.signer,
    );
  }

  private async keepEvidence(
    { round }: Job,
    evidence: CloseEvidence,
    seen: SeenCheckpoint | null,
  ): Promise<void> {
    await this.jobs.addBadEvidence(round, { evidence, seen: seen?.note ?? null });
    if (seen === null) return;
    const contradiction = { seen: seen.note, shown: evidence.checkpoint };
    await keepContradiction(this.state.folder(), contradiction);
  }
}

/** A commit after the close reveals nothing: its result is shown, and counts for nothing. */
function canReveal(judgement: EvidenceJudgement): boolean {
  return judgement.kind === 'verified' && !judgement.isLate;
}

function unusable(reason: string): EvidenceJudgement {
  return { kind: 'unusable', reason };
}

function isWaiting(job: Job): job is Waiting {
  return job.sealed !== null && job.roundClose !== null;
}
