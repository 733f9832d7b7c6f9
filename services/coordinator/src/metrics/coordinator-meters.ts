import { Inject, Injectable } from '@nestjs/common';
import type { Registry } from 'prom-client';
import { Meters } from '#libs/platform';
import { REGISTRY } from '../tokens.js';
import { COORDINATOR_METRICS } from './metric-table.js';

/** The coordinator's metrics. Two of one registry share theirs. */
@Injectable()
export class CoordinatorMeters extends Meters<typeof COORDINATOR_METRICS> {
  constructor(@Inject(REGISTRY) registry: Registry) {
    super(registry, COORDINATOR_METRICS);
  }
}
