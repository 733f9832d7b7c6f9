import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { LessThanOrEqual, type DataSource } from 'typeorm';
import { lockLog, RoundEntity } from '#libs/persistence';
import { withLogFields } from '#libs/platform';
import { OutboxService } from '../dispatch/outbox.service.js';
import { LeasedWork } from '../leases/leased-work.js';
import { LeasesService } from '../leases/leases.service.js';
import { LogService } from '../log/log.service.js';
import { RoundStepsService } from './round-steps.service.js';

const POLL_MS = 1_000;
const LEASE_MS = 5_000;

/**
 * Closes and decides rounds whose time has come. Any number of coordinators run it, one of them at a
 * time; were it two, each move would still be made once, under the log's lock.
 */
@Injectable()
export class DeadlineService extends LeasedWork {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly steps: RoundStepsService,
    private readonly outbox: OutboxService,
    private readonly log: LogService,
    leases: LeasesService,
  ) {
    const failure = 'deadlines wait';
    super(leases, { lease: 'deadlines', everyMs: POLL_MS, leaseMs: LEASE_MS, failure });
  }

  protected override async work(): Promise<void> {
    const due = await this.dataSource.getRepository(RoundEntity).find({
      select: { id: true },
      where: { dueAt: LessThanOrEqual(new Date()) },
      order: { dueAt: 'ASC' },
      take: 50,
    });
    for (const { id } of due) {
      try {
        await withLogFields({ round: id }, () =>
          this.dataSource.transaction(async (manager) => {
            await lockLog(manager);
            await this.steps.advance(manager, [id], new Date());
          }),
        );
      } catch (error) {
        // One round that cannot be read must not hold up the others.
        withLogFields({ round: id }, () => {
          this.logger.error(`round ${id} cannot move on: ${String(error)}`);
        });
      }
    }
    if (due.length === 0) return;
    await this.log.publish();
    await this.outbox.flush();
  }
}
