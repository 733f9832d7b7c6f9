import { BadgesController } from './badges.controller.js';
import { BadgesService } from './badges.service.js';
import { ClockNews } from './clock-news.service.js';
import { DeliveryService } from './delivery.service.js';
import { FeedsController } from './feeds.controller.js';
import { FeedsService } from './feeds.service.js';
import { MailService } from './mail.service.js';
import { MessageSender } from './message-sender.service.js';
import { NewsClock } from './news-clock.js';
import { NewsService } from './news.service.js';
import { ReplaysService } from './replays.service.js';
import { SubscriptionsController } from './subscriptions.controller.js';
import { SubscriptionsService } from './subscriptions.service.js';

/** What the module takes of telling people: subscriptions, feeds, badges. */
export const NOTIFY_CONTROLLERS = [SubscriptionsController, FeedsController, BadgesController];
export const NOTIFY_PROVIDERS = [
  NewsClock,
  ClockNews,
  NewsService,
  MailService,
  MessageSender,
  DeliveryService,
  SubscriptionsService,
  ReplaysService,
  FeedsService,
  BadgesService,
];
