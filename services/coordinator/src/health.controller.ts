import { setTimeout as sleep } from 'node:timers/promises';
import { Controller, Get, Header, HttpStatus, Inject } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { NatsConnection } from '@nats-io/transport-node';
import type { Registry } from 'prom-client';
import type { DataSource } from 'typeorm';
import { ProblemError } from '#libs/platform';
import { LogHalt } from './log/log-halt.js';
import { NATS, REGISTRY } from './tokens.js';

const PATIENCE_MS = 2_000;

/** Probes and metrics. */
@Controller()
export class HealthController {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    @Inject(NATS) private readonly nats: NatsConnection,
    @Inject(REGISTRY) private readonly registry: Registry,
    private readonly halt: LogHalt,
  ) {}

  /** The process answers. */
  @Get('healthz')
  alive(): { status: 'ok' } {
    return { status: 'ok' };
  }

  /** The log is sound, and database and NATS answer within 2 s; 503 otherwise. */
  @Get('readyz')
  async ready(): Promise<{ status: 'ok' }> {
    const { reason } = this.halt;
    if (reason !== null) {
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

  @Get('metrics')
  @Header('content-type', 'text/plain; version=0.0.4; charset=utf-8')
  metrics(): Promise<string> {
    return this.registry.metrics();
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
