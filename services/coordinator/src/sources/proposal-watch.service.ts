import { Inject, Injectable } from '@nestjs/common';
import type { Config } from '../config.js';
import { LeasedWork } from '../leases/leased-work.js';
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
export class ProposalWatchService extends LeasedWork {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly source: ProposalSourceService,
    private readonly opener: RoundOpenerService,
    leases: LeasesService,
  ) {
    super(leases, {
      ...{ lease: 'proposal-watch', everyMs: config.WATCH_INTERVAL_SECONDS * 1000 },
      ...{ leaseMs: LEASE_MS, failure: 'the list of open proposals could not be read' },
    });
  }

  override onModuleInit(): void {
    if (this.config.WATCH_PROPOSALS === 'true') super.onModuleInit();
  }

  protected override async work(): Promise<void> {
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
