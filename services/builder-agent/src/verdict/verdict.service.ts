import {
  Inject,
  Injectable,
  Logger,
  type OnApplicationShutdown,
  type OnModuleInit,
} from '@nestjs/common';
import type { Envelope, Signer } from '#libs/attestation';
import { ROUTES } from '#libs/contracts';
import { MAX_BUNDLE_BYTES, type VerifyCertificate } from '#libs/evidence';
import { Ticker } from '#libs/platform';
import { hashLeaf, parseProofFile } from '#libs/tlog';
import { askCoordinator } from '../ask-coordinator.js';
import type { Config } from '../config.js';
import type { Coordinator } from '../jobs/coordinator-identity.js';
import { canSignFor } from '../jobs/invited-key.js';
import type { Job } from '../jobs/job.js';
import { JobStoreService } from '../jobs/job-store.service.js';
import { entryOf } from '../jobs/log-entry.js';
import { SubmitService } from '../submit/submit.service.js';
import { CONFIG, COORDINATOR, SIGNER, VERIFY_CERTIFICATE } from '../tokens.js';
import { LogGrowthService } from '../witness/log-growth.service.js';
import { countersign, refuseVerdict } from './countersign.js';
import { recheckVerdict, type OwnLeaf, type VerdictJudgement } from './recheck.js';

const TICK_MS = 1_000;
const FIRST_PAUSE_MS = 1_000;
const LAST_PAUSE_MS = 300_000;
const BUNDLE_TIMEOUT_MS = 600_000;
/** How often evidence has to be bad before that is said for ever: it may be old, or torn on its way. */
const BAD_EVIDENCE_TRIES = 3;

/** A round whose verdict this builder has said nothing of. */
interface Decided extends Job {
  readonly verdict: Envelope;
}

/**
 * Answers verdicts: computes each anew from the round's bundle, and countersigns the coordinator's
 * very payload or refuses it. Without COORDINATOR_URL there is no bundle, and no answer.
 */
@Injectable()
export class VerdictService implements OnModuleInit, OnApplicationShutdown {
  private readonly logger = new Logger(VerdictService.name);
  private readonly pauses = new Map<string, { atMs: number; pauseMs: number; badTries: number }>();
  private readonly stopping = new AbortController();
  private readonly ticker = new Ticker(() => this.lookThrough(), {
    everyMs: TICK_MS,
    onError: (error) => {
      this.logger.error(`no verdict can be answered: ${String(error)}`);
    },
  });

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @Inject(SIGNER) private readonly signer: Signer,
    @Inject(COORDINATOR) private readonly coordinator: Coordinator,
    @Inject(VERIFY_CERTIFICATE) private readonly verifyCertificate: VerifyCertificate,
    private readonly jobs: JobStoreService,
    private readonly submit: SubmitService,
    private readonly growth: LogGrowthService,
  ) {}

  onModuleInit(): void {
    if (this.config.COORDINATOR_URL !== undefined) this.ticker.start();
  }

  async onApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    await this.ticker.stop();
  }

  /** Looks for a verdict to answer, now. */
  wake(): void {
    if (this.config.COORDINATOR_URL !== undefined) void this.ticker.wake();
  }

  private async lookThrough(): Promise<void> {
    for (const job of await this.jobs.pending()) {
      if (!isDecided(job) || this.stopping.signal.aborted) continue;
      // Nobody takes an answer by a key that the round did not invite.
      if (!canSignFor(job.open, this.signer) || !this.isDue(job.round)) continue;
      try {
        await this.answer(job);
      } catch (error) {
        // What fails here is the way to the bundle; the coordinator may be back soon.
        this.logger.warn(`round ${job.round.slice(0, 12)}: no bundle yet: ${String(error)}`);
      }
    }
  }

  private isDue(round: string): boolean {
    const nowMs = performance.now();
    const before = this.pauses.get(round) ?? { atMs: 0, pauseMs: FIRST_PAUSE_MS / 2, badTries: 0 };
    if (nowMs < before.atMs) return false;
    const pauseMs = Math.min(before.pauseMs * 2, LAST_PAUSE_MS);
    this.pauses.set(round, { ...before, atMs: nowMs + pauseMs, pauseMs });
    return true;
  }

  private async answer(job: Decided): Promise<void> {
    const { round, verdict } = job;
    const bundle = await this.fetchBundle(round);
    const own = ownLeaves(job, this.signer.publicKey);
    const { coordinator, verifyCertificate } = this;
    const judgement = await recheckVerdict({
      ...{ round, verdict, coordinator, bundle, own, verifyCertificate },
      hold: (shown) => this.growth.hold(shown, this.stopping.signal),
    });
    const name = `round ${round.slice(0, 12)}`;
    if (judgement.kind === 'true') {
      this.logger.log(`${name}: the verdict follows from the log, and is countersigned`);
      await this.say(round, countersign(verdict, this.signer));
    } else if (judgement.kind === 'unusable' || this.mayBeTorn(round, judgement)) {
      const reason = judgement.kind === 'unusable' ? judgement.reason : judgement.message;
      this.logger.warn(`${name}: the verdict is not answered yet: ${reason}`);
    } else {
      const { reason, message } = judgement;
      this.logger.error(`${name}: the verdict is refused: ${reason}: ${message}`);
      await this.say(round, refuseVerdict(verdict, { round, reason, message }, this.signer));
    }
  }

  private async say(round: string, answer: Envelope): Promise<void> {
    await this.jobs.answer(round, answer);
    this.pauses.delete(round);
    this.submit.wake();
  }

  private mayBeTorn(
    round: string,
    { reason }: Extract<VerdictJudgement, { kind: 'refused' }>,
  ): boolean {
    const pause = this.pauses.get(round);
    if (reason === 'recomputed-otherwise' || pause === undefined) return false;
    const badTries = pause.badTries + 1;
    this.pauses.set(round, { ...pause, badTries });
    return badTries < BAD_EVIDENCE_TRIES;
  }

  private async fetchBundle(round: string): Promise<Uint8Array> {
    const url = new URL(`/${ROUTES.rounds}/${round}/bundle`, this.config.COORDINATOR_URL);
    const { status, body } = await askCoordinator(url, {
      timeoutMs: BUNDLE_TIMEOUT_MS,
      maxBytes: MAX_BUNDLE_BYTES,
      signal: this.stopping.signal,
    });
    if (status !== 200) throw new Error(`answered ${status}`);
    return body;
  }
}

function isDecided(job: Job): job is Decided {
  return job.verdict !== null && job.answer === null;
}

/** Our commit and result where our receipts say that they stand. */
function ownLeaves({ sealed, commitReceipt, resultReceipt }: Job, key: Uint8Array): OwnLeaf[] {
  if (sealed === null) return [];
  return [
    { what: 'commit', envelope: sealed.commit, receipt: commitReceipt },
    { what: 'result', envelope: sealed.result, receipt: resultReceipt },
  ].flatMap(({ what, envelope, receipt }) => {
    if (receipt === null) return [];
    const { index } = parseProofFile(receipt);
    return [{ what, index, leafHash: hashLeaf(entryOf(envelope, key)) }];
  });
}
