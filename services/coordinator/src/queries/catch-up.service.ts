import { Inject, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import type { Signer } from '#libs/attestation';
import { lockLog, PersistenceError, rebuildRound } from '#libs/persistence';
import { LeasesService } from '../leases/leases.service.js';
import { SIGNER } from '../tokens.js';

const LEASE = 'catch-up';
const LEASE_MS = 30_000;

/**
 * Makes the rows of lists for rounds that were decided before there were any, from the log, round by
 * round: lists tell of them meanwhile what is counted anew.
 */
@Injectable()
export class CatchUpService implements OnApplicationBootstrap {
  private readonly logger = new Logger(CatchUpService.name);

  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly leases: LeasesService,
    @Inject(SIGNER) private readonly signer: Signer,
  ) {}

  /** Begins with it; nothing waits for its end. */
  onApplicationBootstrap(): void {
    void this.run().catch((error: unknown) => {
      this.logger.warn(`rounds of old are not listed: ${String(error)}`);
    });
  }

  /** Gives how many rounds were brought up. */
  async run(): Promise<number> {
    const rounds = await this.missing();
    if (rounds.length === 0) return 0;
    let made = 0;
    await this.leases.whileHeld(LEASE, LEASE_MS, async () => {
      for (const round of rounds) made += await this.bringUp(round);
    });
    return made;
  }

  private async missing(): Promise<readonly string[]> {
    const rows = await this.dataSource.manager.query<{ id: string }[]>(
      `SELECT round."id" FROM "round" round WHERE round."phase" = 'final' AND NOT EXISTS
         (SELECT 1 FROM "round_summary" told WHERE told."round" = round."id")
       ORDER BY round."opened_at" DESC`,
    );
    return rows.map(({ id }) => id);
  }

  private async bringUp(round: string): Promise<number> {
    try {
      await this.dataSource.transaction(async (manager) => {
        await lockLog(manager);
        await rebuildRound(manager, round, this.signer.publicKey);
      });
      return 1;
    } catch (error) {
      // It lies in an archive that is not at hand, or its log is not what it should be: fsck tells.
      if (!(error instanceof PersistenceError)) throw error;
      this.logger.warn(`round ${round} is not listed with its verdict: ${error.message}`);
      return 0;
    }
  }
}
