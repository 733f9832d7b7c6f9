import { Controller, Inject, Logger } from '@nestjs/common';
import { Ctx, EventPattern, Payload } from '@nestjs/microservices';
import {
  AttestationError,
  type DeclineReason,
  type RoundOpen,
  type Signer,
} from '#libs/attestation';
import {
  BuildRequested,
  ReceiptsIssued,
  RoundClosed,
  SUBJECTS,
  VerdictLogged,
} from '#libs/contracts';
import { DONE, JETSTREAM, receive, type Delivery } from '#libs/messaging';
import { TlogError } from '#libs/tlog';
import { RevealService } from '../submit/reveal.service.js';
import { SubmitService } from '../submit/submit.service.js';
import type { Config } from '../config.js';
import { MoodService } from '../presence/mood.service.js';
import { CONFIG, COORDINATOR, SIGNER } from '../tokens.js';
import { moreFollow } from './backlog.js';
import { refusalOf } from './acceptance.js';
import { DeclineService } from './decline.service.js';
import { VerdictService } from '../verdict/verdict.service.js';
import {
  checkClose,
  checkVerdict,
  readDispatch,
  type Coordinator,
} from './coordinator-identity.js';
import { JobRunnerService } from './job-runner.service.js';
import { JobStoreService } from './job-store.service.js';

/** What the coordinator tells this builder. A message is acknowledged once it is on disk. */
@Controller()
export class JobsController {
  private readonly logger = new Logger(JobsController.name);

  constructor(
    private readonly jobs: JobStoreService,
    private readonly runner: JobRunnerService,
    private readonly submit: SubmitService,
    private readonly reveals: RevealService,
    private readonly verdicts: VerdictService,
    private readonly declines: DeclineService,
    private readonly mood: MoodService,
    @Inject(CONFIG) private readonly config: Config,
    @Inject(SIGNER) private readonly signer: Signer,
    @Inject(COORDINATOR) private readonly coordinator: Coordinator,
  ) {}

  @EventPattern(SUBJECTS.buildRequested, JETSTREAM)
  buildRequested(@Payload() data: unknown, @Ctx() context?: unknown): Promise<Delivery> {
    return receive(BuildRequested, data, async ({ roundOpen, amends = [], urgency }) =>
      this.unlessForged(async () => {
        const { round, open } = readDispatch(roundOpen, this.coordinator, this.signer, amends);
        const isKnown = (await this.jobs.find(round)) !== null;
        const refusal = isKnown ? null : await this.refusalOf(open);
        await this.jobs.add(round, roundOpen, amends, urgency);
        if (refusal !== null) await this.declines.decline(round, refusal);
        this.submit.wake();
        if (moreFollow(context)) this.runner.settle();
        this.runner.wake();
      }),
    );
  }

  @EventPattern(SUBJECTS.roundClosed, JETSTREAM)
  roundClosed(@Payload() data: unknown): Promise<Delivery> {
    return receive(RoundClosed, data, async ({ round, roundClose }) =>
      this.unlessForged(async () => {
        checkClose(roundClose, this.coordinator, round);
        await this.jobs.addClose(round, roundClose, new Date());
        this.reveals.wake();
        // It takes as long as the build takes to end; the close is kept, and acknowledged meanwhile.
        void this.runner.roundClosed(round).catch((error: unknown) => {
          this.logger.error(error);
        });
      }),
    );
  }

  @EventPattern(SUBJECTS.verdictLogged, JETSTREAM)
  verdictLogged(@Payload() data: unknown): Promise<Delivery> {
    return receive(VerdictLogged, data, async ({ round, verdict }) =>
      this.unlessForged(async () => {
        checkVerdict(verdict, this.coordinator, round);
        // A round that was never dispatched here has nothing to be answered with.
        if ((await this.jobs.find(round)) === null) return;
        await this.jobs.addVerdict(round, verdict);
        this.verdicts.wake();
      }),
    );
  }

  @EventPattern(SUBJECTS.receiptsIssued, JETSTREAM)
  receiptsIssued(@Payload() data: unknown): Promise<Delivery> {
    return receive(ReceiptsIssued, data, async ({ receipts }) =>
      this.unlessForged(() => this.submit.takeReceipts(receipts)),
    );
  }

  /** Why a round that was never heard of before is not taken up. */
  private async refusalOf(open: RoundOpen): Promise<DeclineReason | null> {
    const { EXCLUSIVE_HOURS = null, MAX_QUEUED } = this.config;
    const { queued } = await this.runner.workload();
    const mood = await this.mood.mood();
    const standing = { mood, hours: EXCLUSIVE_HOURS, waiting: queued, mostWaiting: MAX_QUEUED };
    return refusalOf(standing, new Date(open.closesAt), new Date());
  }

  private async unlessForged(handle: () => Promise<void>): Promise<Delivery> {
    try {
      await handle();
      return DONE;
    } catch (error) {
      if (!(error instanceof AttestationError || error instanceof TlogError)) throw error;
      this.logger.warn(`refused: ${error.code}: ${error.message}`);
      return { kind: 'drop', reason: error.code };
    }
  }
}
