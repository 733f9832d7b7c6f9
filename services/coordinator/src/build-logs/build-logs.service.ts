import { promisify } from 'node:util';
import { constants, zstdCompress } from 'node:zlib';
import {
  Inject,
  Injectable,
  Logger,
  type OnApplicationShutdown,
  type OnModuleInit,
} from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { NatsConnection } from '@nats-io/transport-node';
import type { DataSource } from 'typeorm';
import { SUBJECTS } from '#libs/contracts';
import { askBuilder } from '#libs/messaging';
import { Ticker, withLogFields } from '#libs/platform';
import { nextLook } from '../explanations/retry-schedule.js';
import { CoordinatorMeters } from '../metrics/coordinator-meters.js';
import { NATS } from '../tokens.js';
import { claimLogs, keepLog, type ClaimedLog } from './build-log-rows.js';
import { fetchLog, type FetchedLog } from './fetch-log.js';

const compress = promisify(zstdCompress);
const LEVEL = 12;

const POLL_MS = 1_000;
/** Builders that one coordinator asks together. */
const AT_ONCE = 4;
const TIMEOUT_MS = 10_000;
/** A builder that is away is asked for about a week. */
const MOST_ATTEMPTS = 36;
/** Longer than a log of the largest size takes, with each answer just in time. */
const LEASE_MS = 10 * 60_000;

/**
 * Fetches the logs of builds from their builders once the results are logged that name them. What is due is
 * in the database, so that it survives a restart and is done by one coordinator.
 */
@Injectable()
export class BuildLogsService implements OnModuleInit, OnApplicationShutdown {
  private readonly logger = new Logger(BuildLogsService.name);
  private isStopping = false;
  private readonly ticker = new Ticker(() => this.look(), {
    everyMs: POLL_MS,
    onError: (error) => {
      this.logger.warn(`logs of builds wait: ${String(error)}`);
    },
  });

  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    @Inject(NATS) private readonly nats: NatsConnection,
    private readonly meters: CoordinatorMeters,
  ) {}

  onModuleInit(): void {
    this.ticker.start();
  }

  async onApplicationShutdown(): Promise<void> {
    this.isStopping = true;
    await this.ticker.stop();
  }

  private async look(): Promise<void> {
    const now = new Date();
    const leasedUntil = new Date(now.getTime() + LEASE_MS);
    const due = await claimLogs(this.dataSource.manager, { now, leasedUntil, limit: AT_ONCE });
    await Promise.all(
      due.map((log) =>
        withLogFields({ round: log.round, builder: log.builder }, () => this.fetch(log)),
      ),
    );
    if (due.length === AT_ONCE) void this.ticker.wake();
  }

  private async fetch(log: ClaimedLog): Promise<void> {
    const fetched = await fetchLog((offset) => this.ask(log, offset), log.sha256);
    await this.keep(log, fetched, new Date());
    this.meters.counter('quorum_build_logs_total').inc({ outcome: fetched.kind });
    if (fetched.kind !== 'refused') return;
    this.logger.warn(
      `builder ${log.builder} shows a log that is not what its result names: ${fetched.reason}`,
    );
  }

  private async ask({ round, builder }: ClaimedLog, offset: number): Promise<unknown> {
    // What is under way is asked for again by another coordinator.
    if (this.isStopping) throw new Error('this coordinator is about to stop');
    const body = JSON.stringify({ round, offset });
    const question = { subject: SUBJECTS.buildLog, builder, body, timeoutMs: TIMEOUT_MS };
    return (await askBuilder(this.nats, question)).json();
  }

  private async keep(log: ClaimedLog, fetched: FetchedLog, now: Date): Promise<void> {
    const { manager } = this.dataSource;
    if (fetched.kind === 'stored') {
      const { text } = fetched;
      const params = { [constants.ZSTD_c_compressionLevel]: LEVEL };
      const body = await compress(text, { params });
      const stored = { body, sizeBytes: text.length, storedAt: now, reason: null, dueAt: null };
      await keepLog(manager, log, { state: 'stored', ...stored });
      return;
    }
    const { kind, reason } = fetched;
    const isTried = kind === 'later' && log.attempts < MOST_ATTEMPTS;
    const dueAt = isTried ? nextLook(log.attempts, now, now) : null;
    const state = kind === 'later' ? (dueAt === null ? 'missing' : 'awaited') : kind;
    await keepLog(manager, log, { state, reason, dueAt });
  }
}
