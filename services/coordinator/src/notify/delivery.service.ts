import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { LeasedWork } from '../leases/leased-work.js';
import { LeasesService } from '../leases/leases.service.js';
import { CoordinatorMeters } from '../metrics/coordinator-meters.js';
import { claimDue, disable, noteDelivered, noteFailed, type Claimed } from './delivery-queue.js';
import { MessageSender } from './message-sender.service.js';
import { NewsClock } from './news-clock.js';
import type { Outcome } from './outcome.js';
import { nextTry } from './retry-schedule.js';

const POLL_MS = 1_000;
const LEASE_MS = 10_000;
/** Subscribers that are told something at the same time. */
const AT_ONCE = 16;

/**
 * Tells subscribers what is queued for them. Within a round each is told things in their order, and the
 * next only when the one before has arrived or was given up. Whoever is slow keeps nobody else waiting.
 */
@Injectable()
export class DeliveryService extends LeasedWork {
  private readonly busy = new Map<string, Promise<void>>();

  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly sender: MessageSender,
    private readonly clock: NewsClock,
    leases: LeasesService,
    private readonly meters: CoordinatorMeters,
  ) {
    const failure = 'messages to subscribers wait';
    super(leases, { lease: 'news-delivery', everyMs: POLL_MS, leaseMs: LEASE_MS, failure });
  }

  override async onApplicationShutdown(): Promise<void> {
    await super.onApplicationShutdown();
    await Promise.all(this.busy.values());
  }

  /** Begins whatever is due now and can be; gives how much that is. */
  async beginDue(): Promise<number> {
    const now = this.clock.now();
    const most = AT_ONCE - this.busy.size;
    if (most <= 0) return 0;
    const claimed = await claimDue(this.dataSource, { now, most, busy: [...this.busy.keys()] });
    for (const each of claimed) {
      const telling = this.tell(each)
        .catch((error: unknown) => {
          this.logger.warn(`what came of a message is not noted: ${String(error)}`);
        })
        .finally(() => {
          this.busy.delete(each.to.id);
        });
      this.busy.set(each.to.id, telling);
    }
    return claimed.length;
  }

  /** Tells everything that is due now, one after the other for each subscriber. */
  async drain(): Promise<void> {
    for (;;) {
      // Who is busy is left out: who was so, and is done once it was looked, may have more waiting.
      const wasBusy = this.busy.size > 0;
      const begun = await this.beginDue();
      if (begun === 0 && !wasBusy) return;
      // Of none a race has no end.
      if (this.busy.size > 0) await Promise.race(this.busy.values());
    }
  }

  protected override async work(): Promise<void> {
    if ((await this.beginDue()) === 0) return;
    // Whoever was quick has more waiting; the slow ones are not waited for.
    void Promise.race(this.busy.values()).then(() => this.ticker.wake());
  }

  private async tell(claimed: Claimed): Promise<void> {
    const { to, id, news } = claimed;
    const outcome = await this.sender.send(to, { id, news }, this.clock.now());
    await this.note(claimed, outcome);
  }

  private async note(claimed: Claimed, outcome: Outcome): Promise<void> {
    const { to, attempts } = claimed;
    const { channel } = to;
    const tries = this.meters.counter('quorum_news_deliveries_total');
    const now = this.clock.now();
    if (outcome.kind === 'delivered') {
      tries.inc({ channel, outcome: 'delivered' });
      await noteDelivered(this.dataSource, claimed, outcome.detail, now);
      return;
    }
    if (outcome.kind === 'gone') {
      tries.inc({ channel, outcome: 'dead' });
      this.logger.warn(`subscription ${to.id} is disabled: ${outcome.detail}`);
      await disable(this.dataSource, to.id, outcome.detail, now);
      return;
    }
    const { detail, retryAfterMs } = outcome;
    const at = nextTry({ attempts, now, retryAfterMs, random: this.clock.random() });
    tries.inc({ channel, outcome: at === null ? 'dead' : 'failed' });
    await noteFailed(this.dataSource, claimed, detail, { at, now });
  }
}
