import { Injectable, Logger, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { LessThanOrEqual, type DataSource } from 'typeorm';
import { lockLog, RoundEntity } from '#libs/persistence';
import { OutboxService } from '../dispatch/outbox.service.js';
import { LogService } from '../log/log.service.js';
import { RoundStepsService } from './round-steps.service.js';

const POLL_MS = 1_000;

/** Closes and decides rounds whose time has come. Any number of coordinators may run it. */
@Injectable()
export class DeadlineService implements OnModuleInit, OnApplicationShutdown {
  private readonly logger = new Logger(DeadlineService.name);
  private timer: NodeJS.Timeout | null = null;
  private running: Promise<void> | null = null;

  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly steps: RoundStepsService,
    private readonly outbox: OutboxService,
    private readonly log: LogService,
  ) {}

  onModuleInit(): void {
    this.timer = setInterval(() => {
      this.running ??= this.check()
        .catch((error: unknown) => {
          this.logger.warn(`deadlines wait: ${String(error)}`);
        })
        .finally(() => {
          this.running = null;
        });
    }, POLL_MS);
  }

  async onApplicationShutdown(): Promise<void> {
    if (this.timer !== null) clearInterval(this.timer);
    await this.running;
  }

  private async check(): Promise<void> {
    const due = await this.dataSource.getRepository(RoundEntity).find({
      select: { id: true },
      where: { dueAt: LessThanOrEqual(new Date()) },
      take: 50,
    });
    for (const { id } of due) {
      await this.dataSource.transaction(async (manager) => {
        await lockLog(manager);
        await this.steps.advanceRound(manager, id, new Date());
      });
    }
    if (due.length === 0) return;
    await this.log.publish();
    await this.outbox.flush();
  }
}
