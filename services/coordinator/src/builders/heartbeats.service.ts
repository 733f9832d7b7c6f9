import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { type AgentOrder, type Heartbeat, orderTo } from '#libs/contracts';
import { RegistryService } from './registry.service.js';

/** What agents say of themselves. Nothing that counts rests on it: it frees slots, and is shown. */
@Injectable()
export class HeartbeatsService {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly registry: RegistryService,
  ) {}

  /** Keeps that a builder is alive, and what it builds; gives what is wanted of it. */
  async take(heartbeat: Heartbeat, now: Date): Promise<AgentOrder> {
    const { builder, running } = heartbeat;
    const status = await this.registry.touch(builder, heartbeat);
    // A seat is watched for silence by itself: a builder of the roster file is in no registry.
    if (running.length > 0) {
      await this.dataSource.query(
        `UPDATE "round_builder" SET "last_seen_at" = $3
         WHERE "builder" = $1 AND "round" = ANY($2) AND "commitment" IS NULL`,
        [builder, running, now],
      );
    }
    return orderTo(status);
  }
}
