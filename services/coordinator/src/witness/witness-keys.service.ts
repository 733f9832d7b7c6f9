import {
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { Gauge, Registry } from 'prom-client';
import type { DataSource } from 'typeorm';
import { Ticker } from '#libs/platform';
import { KeyBookService } from '../keys/key-book.service.js';
import { CoordinatorMeters } from '../metrics/coordinator-meters.js';
import { REGISTRY, WITNESS_SET } from '../tokens.js';
import { witnessKeyConflicts } from './witness-keys.js';
import type { WitnessSet } from './witness-set.js';

/** Another coordinator on this database may log a key: this is when it is seen here. */
const LOOK_MS = 60_000;

/** Tells where the witness policy and the keys that operators enrolled do not agree. */
@Injectable()
export class WitnessKeysService implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger(WitnessKeysService.name);
  private readonly gauge: Gauge<'witness'>;
  private readonly ticker: Ticker;
  private told: ReadonlySet<string> = new Set();

  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    @Inject(WITNESS_SET) private readonly set: WitnessSet | null,
    @Inject(REGISTRY) registry: Registry,
    private readonly book: KeyBookService,
  ) {
    this.gauge = new CoordinatorMeters(registry).gauge('quorum_witness_key_conflict');
    this.ticker = new Ticker(() => this.look(), {
      everyMs: LOOK_MS,
      onError: (error) => {
        this.logger.warn(`the witnesses' keys cannot be compared: ${String(error)}`);
      },
    });
  }

  onApplicationBootstrap(): void {
    if (this.set !== null) this.ticker.start();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.ticker.stop();
  }

  /** Looks again, as after a key was logged. Waits for nobody. */
  wake(): void {
    if (this.set !== null) void this.ticker.wake();
  }

  private async look(): Promise<void> {
    const { policy } = this.set ?? {};
    if (policy === undefined) return;
    const history = await this.book.read(this.dataSource.manager);
    const conflicts = witnessKeyConflicts(policy, history);
    const names = new Set(conflicts.map(({ witness }) => witness));
    for (const { name } of policy.witnesses) {
      this.gauge.set({ witness: name }, names.has(name) ? 1 : 0);
    }
    for (const { message } of conflicts) if (!this.told.has(message)) this.logger.warn(message);
    this.told = new Set(conflicts.map(({ message }) => message));
  }
}
