import { MEDIA, type Operation } from '../operation.js';
import { BuilderParams, ProposalParams, RoundParams } from '../parameters.js';
import { Nothing } from '../shared.js';
import { GroupParams } from './groups.js';
import { ShieldsBadge } from '../../news/badge.js';
import {
  CreatedSubscription,
  CreateSubscription,
  DeadLetterList,
  DeadLetterQuery,
  PingAnswer,
  ReplayAnswer,
  ReplayNews,
  SubscriptionList,
  SubscriptionListQuery,
  SubscriptionParams,
  SubscriptionView,
} from '../../news/subscription.js';

const tag = 'news';
const ofSubscribers = { tag, scope: 'admin' } as const;
const headers = { 'if-none-match': 'The ETag of the copy that is there' };
const feed = {
  200: { description: 'Atom, newest first', type: MEDIA.atom },
  304: Nothing,
} as const;
const image = {
  200: { description: 'An image', type: MEDIA.svg },
  304: Nothing,
} as const;
const shields = {
  200: { description: 'What the badge says', type: MEDIA.json, schema: ShieldsBadge },
} as const;

/** Routes by which people hear of what is new. */
export const NEWS_OPERATIONS: readonly Operation[] = [
  {
    ...{ id: 'createSubscription', method: 'POST', path: '/v1/subscriptions', ...ofSubscribers },
    summary: 'Makes a subscription to news, and tells its secret this once',
    body: CreateSubscription,
    answers: {
      201: { description: 'The subscription', type: MEDIA.json, schema: CreatedSubscription },
    },
    problems: ['target-unusable', 'log-corrupt', 'log-behind'],
  },
  {
    ...{ id: 'listSubscriptions', method: 'GET', path: '/v1/subscriptions', ...ofSubscribers },
    summary: 'Lists subscriptions by id, without their secrets',
    query: SubscriptionListQuery,
    answers: { 200: { description: 'A page', type: MEDIA.json, schema: SubscriptionList } },
    problems: [],
  },
  {
    ...{ id: 'deleteSubscription', method: 'DELETE', path: '/v1/subscriptions/{id}' },
    ...ofSubscribers,
    summary: 'Ends a subscription, and forgets what waits for it',
    params: SubscriptionParams,
    answers: { 200: { description: 'As it was', type: MEDIA.json, schema: SubscriptionView } },
    problems: ['no-such-subscription', 'log-corrupt', 'log-behind'],
  },
  {
    ...{ id: 'pingSubscription', method: 'POST', path: '/v1/subscriptions/{id}/ping' },
    ...ofSubscribers,
    summary:
      'Sends a test message now; one that is answered takes a disabled subscription up again',
    params: SubscriptionParams,
    answers: { 200: { description: 'What came of it', type: MEDIA.json, schema: PingAnswer } },
    problems: ['no-such-subscription'],
  },
  {
    ...{ id: 'listDeadLetters', method: 'GET', path: '/v1/subscriptions/{id}/dead' },
    ...ofSubscribers,
    summary: 'Lists messages that were given up, oldest first',
    params: SubscriptionParams,
    query: DeadLetterQuery,
    answers: { 200: { description: 'A page', type: MEDIA.json, schema: DeadLetterList } },
    problems: ['no-such-subscription'],
  },
  {
    ...{ id: 'replayNews', method: 'POST', path: '/v1/subscriptions/{id}/replay' },
    ...ofSubscribers,
    summary: 'Sends one piece of news once more, or all since a time, at most 1,000',
    params: SubscriptionParams,
    body: ReplayNews,
    answers: { 200: { description: 'How many', type: MEDIA.json, schema: ReplayAnswer } },
    problems: ['no-such-subscription'],
  },
  {
    ...{ id: 'getFeed', method: 'GET', path: '/feeds/all.atom', tag, headers },
    summary: 'Gives the newest 50 pieces of news',
    answers: feed,
    problems: [],
  },
  {
    ...{ id: 'getDivergenceFeed', method: 'GET', path: '/feeds/divergences.atom', tag, headers },
    summary: 'Gives the newest 50 divergences',
    answers: feed,
    problems: [],
  },
  {
    ...{ id: 'getBuilderFeed', method: 'GET', path: '/feeds/builders/{builder}.atom', tag },
    summary:
      'Gives the newest 50 pieces of news about a builder and the rounds that it was asked in',
    ...{ headers, params: BuilderParams, answers: feed },
    problems: [],
  },
  {
    ...{ id: 'getGroupFeed', method: 'GET', path: '/feeds/groups/{group}.atom', tag },
    summary: 'Gives the newest 50 pieces of news about the rounds that were opened for a group',
    ...{ headers, params: GroupParams, answers: feed },
    problems: [],
  },
  {
    ...{ id: 'getRoundBadge', method: 'GET', path: '/badges/rounds/{round}.svg', tag },
    summary: 'Gives a round’s verdict as a badge',
    ...{ headers, params: RoundParams, answers: image },
    problems: ['archived'],
  },
  {
    ...{ id: 'getRoundShields', method: 'GET', path: '/badges/rounds/{round}/shields.json', tag },
    summary: 'Gives a round’s verdict as shields.io takes it',
    ...{ params: RoundParams, answers: shields },
    problems: ['archived'],
  },
  {
    ...{ id: 'getProposalBadge', method: 'GET', path: '/badges/proposals/{proposal}.svg', tag },
    summary: 'Gives the verdict of a proposal’s newest round as a badge',
    ...{ headers, params: ProposalParams, answers: image },
    problems: ['archived'],
  },
  {
    ...{ id: 'getProposalShields', method: 'GET', tag },
    path: '/badges/proposals/{proposal}/shields.json',
    summary: 'Gives the verdict of a proposal’s newest round as shields.io takes it',
    ...{ params: ProposalParams, answers: shields },
    problems: ['archived'],
  },
];
