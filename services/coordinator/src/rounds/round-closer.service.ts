import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { lockLog } from '#libs/persistence';
import { AdminActs } from '../access/admin-acts.service.js';
import { OutboxService } from '../dispatch/outbox.service.js';
import { LogService } from '../log/log.service.js';
import { RoundCloseService } from '../verdicts/round-close.service.js';
import { RoundStepsService } from '../verdicts/round-steps.service.js';
import { noSuchRound } from './round-problems.js';
import { loadRound } from './round-store.js';

/** Closes a round on request: the vote ends soon, and somebody sleeps. */
@Injectable()
export class RoundCloserService {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly closing: RoundCloseService,
    private readonly steps: RoundStepsService,
    private readonly log: LogService,
    private readonly outbox: OutboxService,
    private readonly acts: AdminActs,
  ) {}

  /**
   * Closes an open round now.
   *
   * @throws ProblemError no-such-round; ConsensusError FORBIDDEN_TRANSITION when it is closed already
   */
  async close(round: string): Promise<void> {
    await this.dataSource.transaction(async (manager) => {
      await lockLog(manager);
      const loaded = await loadRound(manager, round);
      if (loaded === null) {
        throw noSuchRound(round);
      }
      const now = new Date();
      await this.acts.catchUp(manager);
      await this.closing.close(manager, [loaded], 'requested', now, this.acts.actor());
      await this.steps.advance(manager, [round], now);
    });
    await this.log.publish();
    await this.outbox.flush();
  }
}
