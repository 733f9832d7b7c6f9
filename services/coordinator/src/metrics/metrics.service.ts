import { Inject, Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { NatsConnection } from '@nats-io/transport-node';
import type { DataSource } from 'typeorm';
import { VERDICTS } from '#libs/consensus';
import { Sampler } from '#libs/platform';
import { LeasesService } from '../leases/leases.service.js';
import { RoundWatchService } from '../live/round-watch.service.js';
import { LogHalt } from '../log/log-halt.js';
import { NATS, WITNESS_SET } from '../tokens.js';
import type { WitnessSet } from '../witness/witness-set.js';
import { buildersSample } from './builders-sample.js';
import { CoordinatorMeters } from './coordinator-meters.js';
import { databaseSample } from './database-sample.js';
import { logSample } from './log-sample.js';
import { natsSample } from './nats-sample.js';
import { newsSample } from '../notify/news-sample.js';
import { processSample } from './process-sample.js';

/** Everything that the coordinator tells Prometheus. */
@Injectable()
export class MetricsService {
  private readonly sampler: Sampler;

  constructor(
    private readonly meters: CoordinatorMeters,
    @InjectDataSource() dataSource: DataSource,
    @Inject(NATS) nats: NatsConnection,
    @Inject(WITNESS_SET) witnesses: WitnessSet | null,
    leases: LeasesService,
    halt: LogHalt,
    rounds: RoundWatchService,
  ) {
    // A counter that appears with its first verdict has grown by nothing, as Prometheus sees it.
    for (const verdict of VERDICTS) {
      for (const elected of ['yes', 'no']) {
        meters.counter('quorum_verdicts_total').inc({ verdict, elected }, 0);
      }
    }
    this.sampler = new Sampler(
      [
        processSample({ dataSource, leases, halt, rounds }, meters),
        databaseSample(dataSource, meters),
        buildersSample(dataSource, meters),
        logSample(dataSource, witnesses, meters),
        natsSample(nats, meters),
        newsSample(dataSource, meters),
      ],
      meters.gauge('quorum_sample_failed'),
    );
  }

  /** All metrics in Prometheus' text form; what cannot be looked at within 2 s is missing in them. */
  async text(): Promise<string> {
    await this.sampler.take();
    return this.meters.registry.metrics();
  }
}
