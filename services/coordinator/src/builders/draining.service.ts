import { Injectable, Logger, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource, EntityManager } from 'typeorm';
import { Ticker } from '#libs/platform';
import { OrdersService } from './orders.service.js';

const POLL_MS = 5_000;

/**
 * A builder has something to do while a round waits for it, or for what it has committed to, be it after
 * a decline.
 */
const IDLE = `
  SELECT "id" FROM "builder" WHERE "status" = 'draining' AND ($1::text IS NULL OR "id" = $1)
    AND NOT EXISTS (
      SELECT FROM "round_builder" "seat" JOIN "round" ON "round"."id" = "seat"."round"
      WHERE "seat"."builder" = "builder"."id" AND (
        "round"."phase" = 'open' AND "seat"."decline_index" IS NULL
        OR "round"."phase" IN ('open', 'revealing') AND "seat"."commit_index" IS NOT NULL))
  ORDER BY "id" LIMIT 50`;

/** Retires builders that drain once they have nothing left to do. Any number of coordinators may run it. */
@Injectable()
export class DrainingService implements OnModuleInit, OnApplicationShutdown {
  private readonly logger = new Logger(DrainingService.name);
  private readonly ticker = new Ticker(() => this.check(), {
    everyMs: POLL_MS,
    onError: (error) => {
      this.logger.warn(`builders that drain wait: ${String(error)}`);
    },
  });

  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly orders: OrdersService,
  ) {}

  onModuleInit(): void {
    this.ticker.start();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.ticker.stop();
  }

  /** Looks at once, as after an order to drain. Waits for nobody. */
  wake(): void {
    void this.ticker.wake();
  }

  private async check(): Promise<void> {
    for (const id of await idleOf(this.dataSource.manager, null)) {
      await this.orders.finish(id, async (manager) => (await idleOf(manager, id)).length > 0);
    }
  }
}

async function idleOf(manager: EntityManager, builder: string | null): Promise<readonly string[]> {
  const rows = await manager.query<{ id: string }[]>(IDLE, [builder]);
  return rows.map(({ id }) => id);
}
