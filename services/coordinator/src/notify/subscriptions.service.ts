import { randomBytes } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { MoreThan, type DataSource } from 'typeorm';
import type { Signer } from '#libs/attestation';
import type {
  CreatedSubscription,
  CreateSubscription,
  PingAnswer,
  SubscriptionList,
  SubscriptionView,
} from '#libs/contracts';
import { NewsDeliveryEntity, NewsSubscriptionEntity } from '#libs/persistence';
import { AdminActs } from '../access/admin-acts.service.js';
import type { Config } from '../config.js';
import { LogService } from '../log/log.service.js';
import { CONFIG, SIGNER } from '../tokens.js';
import { checkTarget } from './check-target.js';
import { MailService } from './mail.service.js';
import { MessageSender } from './message-sender.service.js';
import { NewsClock } from './news-clock.js';
import { secretCheck, secretOf } from './news-secret.js';
import { lockNews } from './news-writer.js';
import { noSuchSubscription } from './subscription-problems.js';
import { viewsOf } from './subscription-view.js';

/** Which subscriptions a page is of. */
export interface SubscriptionPage {
  readonly limit: number;
  /** The `next` of the page before. */
  readonly after: string;
}

/** Makes, shows, tries and ends subscriptions. */
@Injectable()
export class SubscriptionsService {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    @Inject(CONFIG) private readonly config: Config,
    @Inject(SIGNER) private readonly signer: Signer,
    private readonly acts: AdminActs,
    private readonly log: LogService,
    private readonly sender: MessageSender,
    private readonly mail: MailService,
    private readonly clock: NewsClock,
  ) {}

  /**
   * Makes a subscription to everything that comes about from now on.
   *
   * @throws ProblemError target-unusable
   */
  async create(request: CreateSubscription): Promise<CreatedSubscription> {
    const { channel, target, label, rules } = request;
    const { NEWS_ALLOWED_ORIGINS: allowed } = this.config;
    checkTarget(request, { allowed, hasMail: this.mail.isReady });
    const id = `sub_${randomBytes(12).toString('hex')}`;
    const secret = channel === 'webhook' ? secretOf(this.signer, id) : null;
    const row = await this.dataSource.transaction(async (manager) => {
      const detail = { channel, label };
      await this.acts.record(manager, {
        ...{ act: 'subscription-create', subject: `subscription/${id}`, detail },
      });
      // News that come about after this moment are written after this transaction.
      await lockNews(manager);
      return manager.save(
        manager.create(NewsSubscriptionEntity, {
          ...{ id, channel, target, label, rules, madeAt: this.clock.now() },
          secretCheck: secret === null ? null : secretCheck(secret),
          ...{ disabledAt: null, disabledBecause: null },
        }),
      );
    });
    await this.log.publish();
    const [subscription] = await viewsOf(this.dataSource.manager, [row]);
    if (subscription === undefined) throw new Error('a subscription has no view');
    return { subscription, secret };
  }

  /** Gives one page of subscriptions, by id; `next` is null at the end. */
  async list({ limit, after }: SubscriptionPage): Promise<SubscriptionList> {
    const { manager } = this.dataSource;
    const rows = await manager.find(NewsSubscriptionEntity, {
      where: { id: MoreThan(after) },
      order: { id: 'ASC' },
      take: limit + 1,
    });
    const page = rows.slice(0, limit);
    return {
      subscriptions: [...(await viewsOf(manager, page))],
      next: rows.length > limit ? (page.at(-1)?.id ?? null) : null,
    };
  }

  /**
   * Ends a subscription, and forgets it with all that waits for it.
   *
   * @throws ProblemError no-such-subscription
   */
  async remove(id: string): Promise<SubscriptionView> {
    const view = await this.dataSource.transaction(async (manager) => {
      const row = await this.find(id);
      const [shown] = await viewsOf(manager, [row]);
      if (shown === undefined) throw noSuchSubscription(id);
      await this.acts.record(manager, {
        ...{ act: 'subscription-delete', subject: `subscription/${id}` },
        detail: { channel: row.channel, label: row.label },
      });
      // Nothing is queued for it any more once it is gone.
      await lockNews(manager);
      await manager.delete(NewsSubscriptionEntity, { id });
      await manager.delete(NewsDeliveryEntity, { subscription: id });
      return shown;
    });
    await this.log.publish();
    return view;
  }

  /**
   * Sends a test message, now. One that is answered takes a disabled subscription up again: what comes
   * about from now on is told; what was before can be replayed.
   *
   * @throws ProblemError no-such-subscription
   */
  async ping(id: string): Promise<PingAnswer> {
    const row = await this.find(id);
    const now = this.clock.now();
    const summary = 'This is a test: this subscription reaches you.';
    const outcome = await this.sender.send(
      row,
      {
        id: `msg_${randomBytes(20).toString('hex')}`,
        news: {
          type: 'subscription.ping',
          timestamp: now.toISOString(),
          data: { summary, round: null, proposal: null },
        },
      },
      now,
    );
    const isDelivered = outcome.kind === 'delivered';
    if (isDelivered && row.disabledAt !== null) {
      await this.dataSource.manager.update(
        NewsSubscriptionEntity,
        { id },
        { disabledAt: null, disabledBecause: null },
      );
    }
    return { isDelivered, detail: outcome.detail };
  }

  /** @throws ProblemError no-such-subscription */
  async find(id: string): Promise<NewsSubscriptionEntity> {
    const row = await this.dataSource.getRepository(NewsSubscriptionEntity).findOneBy({ id });
    if (row === null) throw noSuchSubscription(id);
    return row;
  }
}
