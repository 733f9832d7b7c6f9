import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { releaseLease, takeLease } from '#libs/persistence';

/**
 * Work that comes round by itself and is done by one coordinator at a time. None of them leads: each
 * lease is taken by whoever comes first, and by the next one when its holder stops or dies.
 */
@Injectable()
export class LeasesService implements OnApplicationShutdown {
  /** Tells people which process it is. */
  readonly holder = `${hostname()}/${process.pid}/${randomUUID().slice(0, 8)}`;
  private readonly logger = new Logger(LeasesService.name);
  /** When each lease was asked for last, by this process's own steady clock. */
  private readonly own = new Map<string, number>();
  private readonly running = new Set<Promise<unknown>>();
  private isStopping = false;

  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  /** The leases that this process has, as far as it knows. */
  get held(): readonly string[] {
    return [...this.own.keys()];
  }

  /**
   * Does a piece of work if this process has the lease or can take it, and keeps the lease for `ttlMs`
   * beyond the last renewal; false where another process has it, or this one stops. While the work
   * goes on the lease is renewed. Work MUST be harmless when two do it: a process that was stopped for
   * longer than its lease does not know.
   *
   * @throws what the work throws
   */
  async whileHeld(name: string, ttlMs: number, work: () => Promise<void>): Promise<boolean> {
    if (this.isStopping) return false;
    // With half of its time left it needs no write: work that comes round each second renews it seldom.
    const isFresh = performance.now() - (this.own.get(name) ?? -Infinity) < ttlMs / 2;
    if (!isFresh && !(await this.take(name, ttlMs))) return false;
    const renewing = setInterval(() => {
      void this.take(name, ttlMs).catch((error: unknown) => {
        this.logger.warn(`lease ${name} is not renewed: ${String(error)}`);
      });
    }, ttlMs / 3);
    const running = work();
    this.running.add(running);
    try {
      await running;
      return true;
    } finally {
      clearInterval(renewing);
      this.running.delete(running);
    }
  }

  /** Ends what is under way, and gives every lease back: another process goes on at once. */
  async release(): Promise<void> {
    this.isStopping = true;
    await Promise.allSettled(this.running);
    for (const name of this.own.keys()) {
      try {
        await releaseLease(this.dataSource.manager, { name, holder: this.holder });
      } catch (error) {
        // It ends by itself.
        this.logger.warn(`lease ${name} is not given back: ${String(error)}`);
      }
    }
    this.own.clear();
  }

  onApplicationShutdown(): Promise<void> {
    return this.release();
  }

  private async take(name: string, ttlMs: number): Promise<boolean> {
    const askedAt = performance.now();
    const isHeld = await takeLease(this.dataSource.manager, { name, holder: this.holder, ttlMs });
    if (isHeld) this.own.set(name, askedAt);
    else this.own.delete(name);
    return isHeld;
  }
}
