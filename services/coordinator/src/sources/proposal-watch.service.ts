import {
  Inject,
  Injectable,
  Logger,
  type OnApplicationShutdown,
  type OnModuleInit,
} from '@nestjs/common';
import type { Config } from '../config.js';
import { RoundOpenerService } from '../rounds/round-opener.service.js';
import { CONFIG } from '../tokens.js';
import { ProposalSourceService } from './proposal-source.service.js';

/** Opens a round for each new open proposal that elects a version, where the configuration says so. */
@Injectable()
export class ProposalWatchService implements OnModuleInit, OnApplicationShutdown {
  private readonly logger = new Logger(ProposalWatchService.name);
  private timer: NodeJS.Timeout | null = null;
  private running: Promise<void> | null = null;

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly source: ProposalSourceService,
    private readonly opener: RoundOpenerService,
  ) {}

  onModuleInit(): void {
    if (this.config.WATCH_PROPOSALS !== 'true') return;
    this.look();
    this.timer = setInterval(() => {
      this.look();
    }, this.config.WATCH_INTERVAL_SECONDS * 1000);
  }

  async onApplicationShutdown(): Promise<void> {
    if (this.timer !== null) clearInterval(this.timer);
    await this.running;
  }

  private look(): void {
    this.running ??= this.openNew()
      .catch((error: unknown) => {
        this.logger.warn(`the list of open proposals could not be read: ${String(error)}`);
      })
      .finally(() => {
        this.running = null;
      });
  }

  private async openNew(): Promise<void> {
    const open = await this.source.listOpen();
    const known = await this.source.known(open);
    for (const proposal of open.filter((id) => !known.has(id)).toReversed()) {
      try {
        const answer = await this.opener.open({ proposal });
        this.logger.log(`proposal ${proposal}: ${answer.kind}`);
      } catch (error) {
        // One malformed proposal must not hide the others.
        this.logger.warn(`proposal ${proposal}: ${String(error)}`);
      }
    }
  }
}
