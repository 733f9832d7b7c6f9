import {
  Inject,
  Injectable,
  Logger,
  type OnApplicationShutdown,
  type OnModuleInit,
} from '@nestjs/common';
import { Ticker } from '#libs/platform';
import type { Config } from '../config.js';
import { LeasesService } from '../leases/leases.service.js';
import { RoundOpenerService } from '../rounds/round-opener.service.js';
import { CONFIG } from '../tokens.js';
import { ProposalSourceService } from './proposal-source.service.js';

/** Reading a list and a proposal takes seconds; it is renewed while that goes on. */
const LEASE_MS = 30_000;

/**
 * Opens a round for each new open proposal that elects a version, where the configuration says so. One
 * coordinator at a time looks; were it two, a proposal would still get one round.
 */
@Injectable()
export class ProposalWatchService implements OnModuleInit, OnApplicationShutdown {
  private readonly logger = new Logger(ProposalWatchService.name);
  private readonly ticker: Ticker;

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly source: ProposalSourceService,
    private readonly opener: RoundOpenerService,
    private readonly leases: LeasesService,
  ) {
    this.ticker = new Ticker(() => this.openIfHeld(), {
      everyMs: config.WATCH_INTERVAL_SECONDS * 1000,
      onError: (error) => {
        this.logger.warn(`the list of open proposals could not be read: ${String(error)}`);
      },
    });
  }

  onModuleInit(): void {
    if (this.config.WATCH_PROPOSALS === 'true') this.ticker.start();
  }

  onApplicationShutdown(): Promise<void> {
    return this.ticker.stop();
  }

  private async openIfHeld(): Promise<void> {
    await this.leases.whileHeld('proposal-watch', LEASE_MS, () => this.openNew());
  }

  private async openNew(): Promise<void> {
    const open = await this.source.listOpen();
    const settled = await this.source.settled(open);
    for (const proposal of open.filter((id) => !settled.has(id)).toReversed()) {
      try {
        const answer = await this.opener.openOnce(proposal);
        this.logger.log(`proposal ${proposal}: ${answer.kind}`);
      } catch (error) {
        // One malformed proposal must not hide the others.
        this.logger.warn(`proposal ${proposal}: ${String(error)}`);
      }
    }
  }
}
