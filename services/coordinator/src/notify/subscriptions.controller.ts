import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import {
  CreateSubscription,
  DeadLetterQuery,
  ReplayNews,
  ROUTES,
  SubscriptionId,
  SubscriptionListQuery,
  type CreatedSubscription,
  type DeadLetterList,
  type PingAnswer,
  type ReplayAnswer,
  type SubscriptionList,
  type SubscriptionView,
} from '#libs/contracts';
import { ZodPipe } from '#libs/platform';
import { Access } from '../access/access.decorator.js';
import { ReplaysService } from './replays.service.js';
import { SubscriptionsService } from './subscriptions.service.js';

/** Who is told news. Not public: where somebody is reached is nobody else's business. */
@Controller(ROUTES.subscriptions)
export class SubscriptionsController {
  constructor(
    private readonly subscriptions: SubscriptionsService,
    private readonly replays: ReplaysService,
  ) {}

  /** Makes a subscription, and tells its secret this once. */
  @Post()
  @Access('admin')
  create(
    @Body(new ZodPipe(CreateSubscription)) request: CreateSubscription,
  ): Promise<CreatedSubscription> {
    return this.subscriptions.create(request);
  }

  /** Lists subscriptions, by id. */
  @Get()
  @Access('admin')
  list(
    @Query(new ZodPipe(SubscriptionListQuery)) query: SubscriptionListQuery,
  ): Promise<SubscriptionList> {
    return this.subscriptions.list(query);
  }

  /** Ends one. */
  @Delete(':id')
  @Access('admin')
  remove(@Param('id', new ZodPipe(SubscriptionId)) id: string): Promise<SubscriptionView> {
    return this.subscriptions.remove(id);
  }

  /** Sends it a test message, and tells what came of that. */
  @Post(':id/ping')
  @HttpCode(200)
  @Access('admin')
  ping(@Param('id', new ZodPipe(SubscriptionId)) id: string): Promise<PingAnswer> {
    return this.subscriptions.ping(id);
  }

  /** Lists what was given up. */
  @Get(':id/dead')
  @Access('admin')
  dead(
    @Param('id', new ZodPipe(SubscriptionId)) id: string,
    @Query(new ZodPipe(DeadLetterQuery)) query: DeadLetterQuery,
  ): Promise<DeadLetterList> {
    return this.replays.dead(id, query);
  }

  /** Sends news once more. */
  @Post(':id/replay')
  @HttpCode(200)
  @Access('admin')
  replay(
    @Param('id', new ZodPipe(SubscriptionId)) id: string,
    @Body(new ZodPipe(ReplayNews)) request: ReplayNews,
  ): Promise<ReplayAnswer> {
    return this.replays.replay(id, request);
  }
}
