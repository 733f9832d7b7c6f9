import { statfs } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import {
  Inject,
  Injectable,
  Logger,
  type OnApplicationShutdown,
  type OnModuleInit,
} from '@nestjs/common';
import type { NatsConnection } from '@nats-io/transport-node';
import type { Signer } from '#libs/attestation';
import {
  HEARTBEAT_SECONDS,
  HeartbeatAnswer,
  SUBJECTS,
  subjectFor,
  VERSION,
  type Heartbeat,
} from '#libs/contracts';
import { Ticker } from '#libs/platform';
import type { Config } from '../config.js';
import { JobRunnerService } from '../jobs/job-runner.service.js';
import { CONFIG, NATS, SIGNER } from '../tokens.js';
import { MoodService } from './mood.service.js';

const ANSWER_TIMEOUT_MS = 5_000;
/** For a server to answer a ping; on a link that is there it takes as long as the way. */
const PING_TIMEOUT_MS = 5_000;

/**
 * Tells the coordinator every 15 seconds that this builder is alive and what it has to do, and does
 * what is answered: to pause, to drain, to stop. Where nobody answers, everything goes on; and where the
 * server itself does not, the connection is made anew: after a link was cut, TCP would wait for minutes.
 */
@Injectable()
export class HeartbeatService implements OnModuleInit, OnApplicationShutdown {
  private readonly logger = new Logger(HeartbeatService.name);
  private readonly ticker = new Ticker(() => this.beat(), {
    everyMs: HEARTBEAT_SECONDS * 1000,
    onError: (error) => {
      this.logger.debug(`no answer to a heartbeat: ${String(error)}`);
      void this.renewLink();
    },
  });

  constructor(
    @Inject(CONFIG) private readonly config: Pick<Config, 'BUILD_DIR' | 'BUILD_SLOTS'>,
    @Inject(SIGNER) private readonly signer: Signer,
    @Inject(NATS) private readonly nats: NatsConnection,
    private readonly runner: JobRunnerService,
    private readonly mood: MoodService,
  ) {}

  onModuleInit(): void {
    this.ticker.start();
  }

  onApplicationShutdown(): Promise<void> {
    return this.ticker.stop();
  }

  private async renewLink(): Promise<void> {
    const late = new AbortController();
    const silence = delay(PING_TIMEOUT_MS, true, { signal: late.signal }).catch(() => false);
    const answer = this.nats.rtt().then(
      () => false,
      () => true,
    );
    const isDead = await Promise.race([silence, answer]);
    late.abort();
    if (!isDead || this.nats.isClosed()) return;
    this.logger.warn('NATS does not answer: connecting again');
    // Without effect where that goes on already.
    await this.nats.reconnect().catch(() => undefined);
  }

  private async beat(): Promise<void> {
    const { running, queued, requeued } = await this.runner.workload();
    const heartbeat: Heartbeat = {
      builder: this.signer.id,
      agentVersion: VERSION,
      mood: await this.mood.mood(),
      slots: this.config.BUILD_SLOTS,
      running: [...running],
      ...{ queued, requeued },
      freeBytes: await freeBytes(this.config.BUILD_DIR),
      at: new Date().toISOString(),
    };
    const subject = subjectFor(SUBJECTS.heartbeat, this.signer.id);
    const answer = await this.nats.request(subject, JSON.stringify(heartbeat), {
      timeout: ANSWER_TIMEOUT_MS,
    });
    this.mood.follow(HeartbeatAnswer.parse(answer.json()).order);
  }
}

async function freeBytes(folder: string): Promise<number | null> {
  try {
    const { bavail, bsize } = await statfs(folder);
    return bavail * bsize;
  } catch {
    return null;
  }
}
