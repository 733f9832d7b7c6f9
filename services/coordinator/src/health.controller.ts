import { setTimeout as sleep } from 'node:timers/promises';
import { Controller, Get, Header, HttpStatus, Inject, Query } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { NatsConnection } from '@nats-io/transport-node';
import type { DataSource } from 'typeorm';
import { ReadinessQuery } from '#libs/contracts';
import { ProblemError, ZodPipe } from '#libs/platform';
import { LogHalt } from './log/log-halt.js';
import { MetricsService } from './metrics/metrics.service.js';
import { Shutdown } from './shutdown.js';
import { NATS } from './tokens.js';

const PATIENCE_MS = 2_000;

/** Probes and metrics. */
@Controller()
export class HealthController {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    @Inject(NATS) private readonly nats: NatsConnection,
    private readonly metricsOf: MetricsService,
    private readonly halt: LogHalt,
    private readonly shutdown: Shutdown,
  ) {}

  /** The process answers. */
  @Get('healthz')
  alive(): { status: 'ok' } {
    return { status: 'ok' };
  }

  /**
   * It is not about to stop, the log is sound, database and NATS answer within 2 s; 503 otherwise. A log
   * that is behind is sound to read: who sends readers and builders here asks for that, as witnesses among
   * the builders could not be heard otherwise.
   */
  @Get('readyz')
  async ready(
    @Query(new ZodPipe(ReadinessQuery)) { to }: ReadinessQuery,
  ): Promise<{ status: 'ok' }> {
    if (this.shutdown.isBegun) {
      throw new ProblemError(
        HttpStatus.SERVICE_UNAVAILABLE,
        'stopping',
        'this coordinator is about to stop: ask another one, or again',
      );
    }
    const { reason } = this.halt;
    const isReadable = reason?.code === 'LOG_BEHIND' && to === 'read';
    if (reason !== null && !isReadable) {
      const { message } = reason;
      throw reason.code === 'LOG_BEHIND'
        ? new ProblemError(HttpStatus.SERVICE_UNAVAILABLE, 'log-behind', message)
        : new ProblemError(HttpStatus.SERVICE_UNAVAILABLE, 'log-corrupt', message);
    }
    await Promise.all([
      expectAnswer('the database', this.dataSource.query('SELECT 1')),
      expectAnswer('NATS', this.nats.flush()),
    ]);
    return { status: 'ok' };
  }

  /** Numbers for Prometheus; asked for by many, they are looked up once a second. */
  @Get('metrics')
  @Header('content-type', 'text/plain; version=0.0.4; charset=utf-8')
  metrics(): Promise<string> {
    return this.metricsOf.text();
  }
}

/** A server that is gone may keep a question for ever; whoever probes wants to be told. */
async function expectAnswer(who: string, answer: Promise<unknown>): Promise<void> {
  const isAnswered = await Promise.race([
    answer.then(
      () => true,
      () => false,
    ),
    sleep(PATIENCE_MS, false, { ref: false }),
  ]);
  if (isAnswered) return;
  throw new ProblemError(
    HttpStatus.SERVICE_UNAVAILABLE,
    'not-ready',
    `${who} does not answer within ${PATIENCE_MS} ms`,
  );
}
